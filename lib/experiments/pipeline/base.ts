/** Pre-trains a world's base model at a constant rate, then cools it down; at any number of steps the average weights are a model. */
import { join } from "node:path";
import type { DitConfig } from "../../model/dit/config.ts";
import { loadDit, publishDit } from "../../model/dit/published.ts";
import { countParams } from "../../model/nn/params.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { type Corpus, openCorpus } from "../../training/base/corpus.ts";
import { type BaseTraining, trainBase } from "../../training/base/train.ts";
import { TARGET_SLOTS } from "../../training/base/window.ts";
import { readMetrics } from "../../training/run.ts";
import { unlike } from "../../util/config.ts";
import { UserError } from "../../util/errors.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { CONFIGS } from "./config.ts";
import { dataDir, networkDir, type Pipeline, runDir } from "./folders.ts";

/** @throws UserError unless the network to go on from is one of the shape that is asked for */
function checkShape(dir: string, given: DitConfig, asked: DitConfig): void {
  const differences = unlike({ ...given }, { ...asked });
  if (differences.length > 0)
    throw new UserError(
      `the network in ${dir} has another shape: ${differences.join(", ")}`,
      "ask for its shape, or begin anew",
    );
}

export async function makeBase(pipeline: Pipeline): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const open = async (split: string): Promise<Corpus> =>
    openCorpus(await openDataset(dataDir(pipeline, split)), tokeniser, join(pipeline.dir, "latents"));
  const [corpus, validation] = [await open("pretrain"), await open("validation")];
  const { camera, step } = corpus.world;
  const { model: dials, steps, from: earlier, cooldown, ...training } = pipeline.configs?.base ?? CONFIGS.base;
  const model: DitConfig = { latent: corpus.latent, camera, step, ...dials };
  const config = { seed: pipeline.seed, ...training };
  const shared: Omit<BaseTraining, "dir" | "steps"> = { model, config, corpus, validation, tokeniser };
  const from = earlier === undefined ? undefined : loadDit(earlier, tokeniser.sha256);
  if (from) checkShape(earlier as string, from.model, model);
  const constant = await trainBase({ ...shared, dir: runDir(pipeline, "base"), steps, from });
  const dir = runDir(pipeline, cooldown === 0 ? "base" : `base-cooldown-${steps}`);
  const cooled = { from: constant, step: steps };
  const { ema } = cooldown === 0 ? constant : await trainBase({ ...shared, dir, steps: cooldown, cooldown: cooled });
  const curve = readMetrics(dir).filter(({ validation: loss }) => loss !== undefined);
  const loss = curve.at(-1)?.validation;
  const body = `Chunk-autoregressive flow-matching transformer over the tokeniser's latents, ${(countParams(ema) / 1e6).toFixed(1)} M parameters; predicts the next clip
(4 latents, 16 frames) from the first picture, earlier clips and four actions. Averaged weights (decay ${config.ema}).

- World: ${pipeline.world.name}; ${corpus.trajectories} trajectories of the split \`pretrain\`.
- Trained by \`npm run train -- --world ${pipeline.world.name}\`: seed ${config.seed}, ${from ? `${steps} more steps` : `${steps} steps`} of ${config.batch} windows (${TARGET_SLOTS} target clips each) at learning rate ${config.lr}, ${cooldown > 0 ? `${cooldown} more to 0; ` : ""}Muon and AdamW.
- Validation loss (mean squared velocity error, held-out levels): ${loss?.toFixed(4)}; the curve is in config.json.`;
  const facts = { ...config, steps, cooldown, ...(from ? { from: from.sha256 } : {}), validation: curve };
  publishDit(networkDir(pipeline, "base"), ema, model, tokeniser.sha256, facts, {
    title: `Base world model: ${pipeline.world.name}`,
    body,
  });
}
