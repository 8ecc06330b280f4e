/**
 * The control of post-training: the base model learns on from its own pre-training data, without any reward. It sees
 * as many noisy target clips as the optimiser steps of the post-training do.
 */
import type { Codec } from "../model/legacy/carried.ts";
import type { LoadedModel, ModelCard } from "../model/legacy/publish.ts";
import type { Params } from "../model/nn/params.ts";
import type { PostTrainConfig } from "../training/posttraining/config.ts";
import type { Corpus } from "../training/pretraining/corpus.ts";
import { PRETRAINING, type PretrainConfig, pretrain } from "../training/pretraining/train.ts";
import { TARGET_SLOTS } from "../training/pretraining/window.ts";

/** Share of pre-training's peak learning rate: the base has been annealed, and the control is annealed again. */
const LR_SHARE = 0.5;

/** Noisy clips that the optimiser steps of a post-training see. */
export const trainedClips = ({ iterations, rollout, objective }: PostTrainConfig): number =>
  iterations * rollout.prompts * 2 * rollout.keep * objective.sigmas;

/** @param steps 0: as many target clips as the post-training's optimiser steps */
export function controlConfig(config: PostTrainConfig, steps = 0): PretrainConfig {
  const equal = Math.ceil(trainedClips(config) / (PRETRAINING.batch * TARGET_SLOTS));
  return { ...PRETRAINING, seed: config.seed, lr: LR_SHARE * PRETRAINING.lr, steps: steps || equal };
}

export interface ControlRun {
  dir: string;
  model: LoadedModel;
  config: PretrainConfig;
  corpus: Corpus;
  validation: Corpus;
  /** Decodes pictures for models that carry them along. */
  codec?: Codec;
}

/** Trains, or resumes. @returns averaged weights */
export const continuePretraining = ({ model, ...run }: ControlRun): Promise<Params> =>
  pretrain({ ...run, model: model.shape, from: model });

export const controlCard = ({ seed, steps, batch, lr }: PretrainConfig): ModelCard => ({
  title: "World model, pre-training continued",
  body: `The control of post-training: the base model after ${steps} further steps of its supervised pre-training (seed ${seed}, ${batch} windows a step,
peak learning rate ${lr}, ${steps * batch * TARGET_SLOTS} target clips). No reward was used. Averaged weights.`,
});
