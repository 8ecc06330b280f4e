/** `npm run train:depth`: trains the depth network on data/shards/pretrain, or resumes; ships it where it is told to. */
import { z } from "zod";
import { makeDepthNetwork } from "../model/legacy/solid-depth/depth.ts";
import { shippedFolder } from "../model/nn/shipped.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { SAVE_EVERY } from "../training/run.ts";
import { fillBank } from "../training/solid-depth/bank.ts";
import { depthQuality } from "../training/solid-depth/evaluate.ts";
import { publishDepth } from "../training/solid-depth/publish.ts";
import { depthTraining, trainDepth } from "../training/solid-depth/train.ts";
import { count, text, threads } from "../util/schema.ts";
import { openDataset } from "../world/data/index.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  data: text().default("data/shards/pretrain"),
  validation: text().default("data/shards/validation"),
  trajectories: count().default(700).describe("Of the data set."),
  out: text().default("runs/depth").describe("Folder of the run."),
  publish: text()
    .optional()
    .describe("Name under which the result is shipped, in checkpoints/; nowhere where not given."),
  saveEvery: count().default(SAVE_EVERY).describe("Steps between saved states."),
  threads: threads(),
  ...depthTraining.shape,
});
const about = "Trains the depth network, or resumes; ships it where it is told to.";

await runCommand({ name: "train:depth", about, options }, async (asked) => {
  const { data, validation, trajectories, out, publish, saveEvery, threads: most, ...config } = asked;
  await openBackend({ threads: most });
  const tokeniser = loadTokeniser();
  const params = await trainDepth(out, fillBank(await openDataset(data), tokeniser, trajectories), config, saveEvery);
  const heldOut = fillBank(await openDataset(validation), tokeniser, Infinity);
  const quality = ([0, 1] as const).map((version) => depthQuality(makeDepthNetwork(params, ""), heldOut, version));
  if (publish) publishDepth(shippedFolder(publish), params, config, quality, tokeniser.sha256);
  for (const { overlap, logError } of quality)
    console.log(`${publish ?? out}: overlap ${(100 * overlap).toFixed(1)} %, log error ${logError.toFixed(3)}`);
});
