/** `npm run train:depth`: trains the depth network on data/shards/pretrain, or resumes, then ships it. */

import { makeDepthNetwork } from "../model/depth/depth.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { fillBank } from "../training/depth/bank.ts";
import { depthQuality } from "../training/depth/evaluate.ts";
import { publishDepth } from "../training/depth/publish.ts";
import { DEPTH_TRAINING, trainDepth } from "../training/depth/train.ts";
import { openDataset } from "../world/data/index.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  const { data, validation, trajectories, out, publish, threads, ...config } = parseOptions({
    data: "data/shards/pretrain",
    validation: "data/shards/validation",
    /** Of the data set. */
    trajectories: 700,
    out: "runs/depth",
    publish: "checkpoints/depth",
    threads: 0,
    ...DEPTH_TRAINING,
  });
  await openBackend({ threads: threads || undefined });
  const tokeniser = loadTokeniser();
  const params = trainDepth(out, fillBank(await openDataset(data), tokeniser, trajectories), config);
  const heldOut = fillBank(await openDataset(validation), tokeniser, Infinity);
  const quality = ([0, 1] as const).map((version) => depthQuality(makeDepthNetwork(params, ""), heldOut, version));
  publishDepth(publish, params, config, quality);
  for (const { overlap, logError } of quality)
    console.log(`${publish}: overlap ${(100 * overlap).toFixed(1)} %, log error ${logError.toFixed(3)}`);
});
