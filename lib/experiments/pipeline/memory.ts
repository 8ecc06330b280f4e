/** Teaches the base to look at what is recalled: the model `dit+memory`, of the same network, trained on from the base. */
import { join } from "node:path";
import { loadDepthNetwork } from "../../model/depth/depth.ts";
import { loadDit, publishDit } from "../../model/dit/published.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { BASE_TRAINING } from "../../training/base/config.ts";
import { type Corpus, openCorpus } from "../../training/base/corpus.ts";
import { recalling } from "../../training/base/recalled.ts";
import { trainBase } from "../../training/base/train.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { dataDir, isPublished, networkDir, type Pipeline, runDir } from "./folders.ts";

export const RECALLING = "base-memory";
const STEPS = 3000;
/** A third of the base's rate: it has learnt nearly all that it needs. */
const RATE = BASE_TRAINING.lr / 3;

export async function makeRecalling(pipeline: Pipeline): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const depth = loadDepthNetwork(networkDir(pipeline, "depth"));
  const base = loadDit(networkDir(pipeline, "base"), tokeniser.sha256);
  const config = { ...BASE_TRAINING, seed: pipeline.seed, lr: RATE };
  const facts = {
    world: pipeline.world.name,
    base: base.sha256,
    recall: depth.sha256,
    training: { ...config, steps: STEPS },
  };
  if (isPublished(networkDir(pipeline, RECALLING), facts, { training: BASE_TRAINING })) return;
  const cache = join(pipeline.dir, "latents");
  const open = async (split: string): Promise<Corpus> => {
    const dataset = await openDataset(dataDir(pipeline, split));
    return recalling(openCorpus(dataset, tokeniser, cache), { dataset, tokeniser, depth }, cache);
  };
  const { ema } = await trainBase({
    dir: runDir(pipeline, RECALLING),
    model: base.model,
    config,
    corpus: await open("pretrain"),
    validation: await open("validation"),
    tokeniser,
    recall: depth,
    steps: STEPS,
    from: base,
  });
  publishDit(networkDir(pipeline, RECALLING), ema, base.model, tokeniser.sha256, facts, {
    title: `Base world model that recalls: ${pipeline.world.name}`,
    body: `The base model after ${STEPS} more steps in which each clip is shown what earlier pictures show to the left, to the right, above and below of the last pose: points with depths that a network reads from the pictures. Made by \`npm run train -- --world ${pipeline.world.name} --only memory\`.`,
  });
}
