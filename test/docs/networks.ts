/** A folder of untrained networks, as the pipeline would have shipped them, for programs that load some. */
import { join } from "node:path";
import { depthConfig } from "../../lib/model/depth/config.ts";
import { depthSpec } from "../../lib/model/depth/network.ts";
import { publishDit } from "../../lib/model/dit/published.ts";
import { ditSpec } from "../../lib/model/dit/spec.ts";
import { initParams } from "../../lib/model/nn/params.ts";
import { publish, readConfig } from "../../lib/model/nn/published.ts";
import { linearSpec, tokeniserSpec } from "../../lib/model/tokeniser/network.ts";
import { writeJson } from "../../lib/util/files.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { SMALL } from "../model/dit/small.ts";

const { channels } = SMALL.latent;

/** Writes tokeniser, base, depth and odometry below a folder. */
export function writeNetworks(dir: string): void {
  const coding = initParams({ ...linearSpec(channels), ...tokeniserSpec(channels) }, 0);
  const about = { channelVariances: new Array(channels).fill(1), shape: { latentChannels: channels } };
  publish(join(dir, "tokeniser"), coding, { network: "tokeniser", ...about }, "# Untrained\n");
  const tokeniser = String(readConfig(join(dir, "tokeniser")).sha256);
  const card = { title: "Untrained", body: "" };
  publishDit(join(dir, "base"), initParams(ditSpec(SMALL), 0), SMALL, tokeniser, {}, card);
  const depth = depthConfig(courtyard);
  publish(join(dir, "depth"), initParams(depthSpec(depth), 0), { network: "depth", model: depth }, "# Untrained\n");
  const { sha256 } = readConfig(join(dir, "depth"));
  writeJson(join(dir, "odometry", "config.json"), {
    network: "odometry",
    depth: sha256,
    errors: { factor: 1, floor: 0.1 },
  });
}
