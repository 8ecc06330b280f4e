/** `npm run serve -- --world courtyard`: a world, or a model of one, over HTTP, for gymnasium and whoever else asks. */
import { z } from "zod";
import { makeDit } from "../model/dit/dit.ts";
import { loadDit } from "../model/dit/published.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { trueWorldModel } from "../model/true-world.ts";
import { serveModel } from "../model/wire/server.ts";
import type { WorldModel } from "../model/worldModel.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { text, threads, whole } from "../util/schema.ts";
import { openWorld, WORLD_NAMES } from "../world/registry.ts";
import type { World } from "../world/world.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  world: z.enum(WORLD_NAMES).default("courtyard").describe("The world, or whose places a model begins at."),
  network: text().optional().describe("Folder of a model that is served instead of the world itself."),
  tokeniser: text().default("checkpoints/courtyard/tokeniser").describe("Folder of the model's tokeniser."),
  host: text().default("127.0.0.1"),
  port: whole().max(65535).default(8000).describe("0: any free one."),
  token: text().optional().describe("What requests must bring; needed where the host is not this machine alone."),
  threads: threads(),
});
const about = "Serves a world, or a model of one, over HTTP; docs/gymnasium.md says who may ask what.";

async function modelOf(
  world: World,
  { network, tokeniser: folder, threads: most }: z.output<typeof options>,
): Promise<WorldModel> {
  if (!network) return trueWorldModel(world);
  await openBackend({ threads: most });
  const tokeniser = loadTokeniser(folder);
  const { params, model } = loadDit(network, tokeniser.sha256);
  return makeDit(params, model, tokeniser);
}

await runCommand({ name: "serve", about, options }, async (asked) => {
  const { host, port, token, network } = asked;
  const world = await openWorld(asked.world);
  const model = await modelOf(world, asked);
  const { url, close } = await serveModel({ model, name: network ?? world.name, world, host, port, token });
  console.log(url);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  await close();
  await world.close();
});
