/** Everything that a post-training run needs, read from the shipped checkpoints. */
import { existsSync } from "node:fs";
import { openDataset } from "../dataset/index.ts";
import { loadEstimator } from "../estimator/index.ts";
import { loadModelParams } from "../model/publish.ts";
import { loadPreference } from "../preference/index.ts";
import { openCorpus } from "../pretraining/corpus.ts";
import {
  driftReward,
  interactionRewards,
  interactionVariantOf,
  visualReward,
  type Weighted,
} from "../rewards/index.ts";
import { loadTokeniser } from "../tokeniser/tokeniser.ts";
import { fromRoot } from "../util/root.ts";
import type { PostTrainConfig } from "./config.ts";
import { type Lab, makeLab, weighRewards } from "./lab.ts";

export interface OpenedRewards {
  rewards: Weighted[];
  /** SHA-256 of every judge, by name. */
  judges: Record<string, string>;
}

/** The rewards that count and, watched beside them, the exact accuracy and the visual score where there is a judge. */
export function openRewards(config: PostTrainConfig): OpenedRewards {
  const { interaction, interactionWeight, visualWeight, driftWeight } = config;
  const estimator = loadEstimator("reward");
  const variant = interactionVariantOf(interaction);
  const [counted, exact] = interactionRewards(estimator, [variant, "exact"]);
  const judges: Record<string, string> = { "estimator-reward": estimator.sha256 };
  const visual: Weighted[] = [];
  if (visualWeight > 0 || driftWeight > 0 || existsSync(fromRoot("checkpoints/preference/config.json"))) {
    const preference = loadPreference();
    judges.preference = preference.sha256;
    visual.push({ reward: visualReward(preference), weight: visualWeight });
    if (driftWeight > 0) visual.push({ reward: driftReward(preference), weight: driftWeight });
  }
  return { rewards: [...weighRewards([[counted, interactionWeight]], [exact]), ...visual], judges };
}

export interface OpenedLab {
  lab: Lab;
  /** SHA-256 of what the run is made from, by name. */
  checkpoints: Record<string, string>;
}

/**
 * @param base folder of the base model
 * @param data real data for the anchor, read where its weight is above 0
 */
export async function openLab(
  config: PostTrainConfig,
  { base: baseDir = "checkpoints/base", data = "data/shards/pretrain" } = {},
): Promise<OpenedLab> {
  const { params: base, shape, sha256 } = loadModelParams(baseDir);
  const tokeniser = loadTokeniser();
  const { rewards, judges } = openRewards(config);
  const corpus = config.anchorWeight > 0 ? openCorpus(await openDataset(data), tokeniser) : undefined;
  const lab = makeLab({ config, base, shape, tokeniser, rewards, corpus });
  return { lab, checkpoints: { base: sha256, tokeniser: tokeniser.sha256, ...judges } };
}
