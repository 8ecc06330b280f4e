/** `npm run train:base`: pre-trains the world model on data/shards/pretrain, or resumes, then ships it. */
import { openBackend } from "../backend/backend.ts";
import { openDataset } from "../dataset/index.ts";
import { BASE_MODEL } from "../model/config.ts";
import { openCorpus } from "../pretraining/corpus.ts";
import { publishBase } from "../pretraining/publish.ts";
import { PRETRAINING, pretrain } from "../pretraining/train.ts";
import { loadTokeniser } from "../tokeniser/tokeniser.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  const defaults = {
    data: "data/shards/pretrain",
    validation: "data/shards/validation",
    out: "runs/base",
    publish: "checkpoints/base",
    threads: 0,
  };
  const { headWidth, expansion, ...dials } = BASE_MODEL;
  const { data, validation, out, publish, threads, width, depth, detailWidth, detailDepth, ...config } = parseOptions({
    ...defaults,
    ...dials,
    ...PRETRAINING,
  });
  const model = { width, depth, headWidth, expansion, detailWidth, detailDepth };
  await openBackend({ threads: threads || undefined });
  const tokeniser = loadTokeniser();
  const corpus = openCorpus(await openDataset(data), tokeniser);
  const heldOut = openCorpus(await openDataset(validation), tokeniser);
  const params = pretrain({ dir: out, model, config, corpus, validation: heldOut });
  publishBase(publish, out, params, model, config, corpus.trajectories);
  console.log(`${publish}: written`);
});
