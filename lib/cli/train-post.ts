/** `npm run train:post`: post-trains the base model by reinforcement learning, or resumes. */

import { publishWorldModel } from "../model/legacy/publish.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { POST_TRAINING } from "../training/posttraining/config.ts";
import { openLab, openSources, sourceHashes } from "../training/posttraining/open.ts";
import { postTrainingCard } from "../training/posttraining/report.ts";
import { postTrain } from "../training/posttraining/train.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = {
  base: "checkpoints/base",
  /** Real data for the anchor, read where its weight is above 0. */
  data: "data/shards/pretrain",
  out: "runs/post",
  /** Where to ship the result; empty: nowhere. */
  publish: "",
  saveEvery: 10,
  sampleEvery: 20,
  threads: 0,
  ...POST_TRAINING,
};

runMain(async () => {
  const { base, data, out, publish, saveEvery, sampleEvery, threads, ...config } = parseOptions(DEFAULTS);
  const backend = await openBackend({ threads: threads || undefined });
  const sources = openSources({ base, data });
  const lab = await openLab(config, sources);
  const checkpoints = sourceHashes(sources);
  const averaged = await postTrain({ dir: out, lab, backend, checkpoints, saveEvery, sampleEvery });
  if (!publish) return;
  publishWorldModel(publish, averaged, lab.shape, { ...config, checkpoints }, postTrainingCard(lab, out));
  console.log(`${publish}: written`);
});
