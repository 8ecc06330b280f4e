/** What a post-training run works with, put together once. */

import { type Codec, codecOf } from "../../model/legacy/carried.ts";
import type { ModelConfig } from "../../model/legacy/config.ts";
import type { Params } from "../../model/nn/params.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import type { Objective } from "../../objective/index.ts";
import { checkWeights, type Reward, type Weighted } from "../../rewards/index.ts";
import { type ClipSampler, makeClipSampler } from "../../rollout/index.ts";
import { UserError } from "../../util/errors.ts";
import type { Corpus } from "../pretraining/corpus.ts";
import { checkConfig, objectiveOf, type PostTrainConfig } from "./config.ts";
import { makeUpdate, type Update } from "./update.ts";

export interface LabParts {
  config: PostTrainConfig;
  /** The base model: where training starts, and the reference policy. */
  base: Params;
  shape: ModelConfig;
  tokeniser: Tokeniser;
  rewards: readonly Weighted[];
  /** Real data for the anchor; needed where its weight is above 0. */
  corpus?: Corpus;
}

export interface Lab extends LabParts {
  /** Decodes pictures for models that carry them along. */
  codec?: Codec;
  objective: Objective;
  clipSampler: ClipSampler;
  update: Update;
  dispose(): void;
}

/** @throws UserError where the parts do not fit each other */
export function makeLab(parts: LabParts): Lab {
  const { config, shape, tokeniser, rewards, corpus } = parts;
  checkConfig(config);
  checkWeights(rewards);
  if (config.anchor.weight > 0 && !corpus)
    throw new UserError("an anchor weight without real data", "give a corpus, or set anchor.weight to 0");
  const objective = objectiveOf(config);
  const codec = shape.carried ? codecOf(tokeniser) : undefined;
  const clipSampler = makeClipSampler(shape, config.sampler, config.rollout.exploration.etaShare, codec);
  const update = makeUpdate(shape, objective, config);
  const dispose = (): void => {
    clipSampler.dispose();
    update.dispose();
  };
  return { ...parts, codec, objective, clipSampler, update, dispose };
}

/** Each reward that the run counts, and beside them those that are only watched. */
export function weighRewards(counted: readonly [Reward, number][], watched: readonly Reward[] = []): Weighted[] {
  const all = [...counted, ...watched.map((reward): [Reward, number] => [reward, 0])];
  return all.map(([reward, weight]) => ({ reward, weight }));
}
