/**
 * `npm run train:base`: pre-trains the world model on data/shards/pretrain, or resumes, then ships it. `--from DIR` goes
 * on from a shipped one, in its shape.
 */

import { codecOf } from "../model/legacy/carried.ts";
import { BASE_MODEL } from "../model/legacy/config.ts";
import { loadModelParams } from "../model/legacy/publish.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { openCorpus } from "../training/pretraining/corpus.ts";
import { publishBase } from "../training/pretraining/publish.ts";
import { PRETRAINING, pretrain } from "../training/pretraining/train.ts";
import { openDataset } from "../world/data/index.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  const defaults = {
    data: "data/shards/pretrain",
    validation: "data/shards/validation",
    out: "runs/base",
    publish: "checkpoints/base",
    from: "",
    threads: 0,
  };
  const { headWidth, expansion, carried, ...dials } = BASE_MODEL;
  const { data, validation, out, publish, from, threads, width, depth, detailWidth, detailDepth, ...config } =
    parseOptions({
      ...defaults,
      ...dials,
      ...PRETRAINING,
    });
  const asked = { width, depth, headWidth, expansion, detailWidth, detailDepth, carried };
  await openBackend({ threads: threads || undefined });
  const tokeniser = loadTokeniser();
  const corpus = openCorpus(await openDataset(data), tokeniser);
  const heldOut = openCorpus(await openDataset(validation), tokeniser);
  const earlier = from ? loadModelParams(from) : undefined;
  const model = earlier ? { ...earlier.shape, carried } : asked;
  const codec = carried ? codecOf(tokeniser) : undefined;
  const params = pretrain({ dir: out, model, config, corpus, validation: heldOut, codec, from: earlier });
  publishBase(publish, out, params, model, { ...config, from }, corpus.trajectories);
  console.log(`${publish}: written`);
});
