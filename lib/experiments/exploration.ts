/** How much the candidates of a group differ when they are made in different manners. */

import { branchClips, decodeTrees, type Exploration, NO_EXPLORATION, rlPrompts, scoreTrees } from "../rollout/index.ts";
import type { Lab } from "../training/posttraining/lab.ts";
import { rewardMetrics } from "../training/posttraining/metrics.ts";

/** Noise alone, and each way of widening it. */
export const EXPLORATIONS: Readonly<Record<string, Exploration>> = {
  "noise alone": NO_EXPLORATION,
  "early SDE noise": { ...NO_EXPLORATION, eta: 0.3 },
  "guidance 1, 2, 3": { ...NO_EXPLORATION, guidance: [1, 2, 3] },
  "a third under neighbours": { ...NO_EXPLORATION, neighbours: 4 },
  "guidance and neighbours": { ...NO_EXPLORATION, guidance: [1, 2, 3], neighbours: 4 },
};

/** Within groups of one prompt: standard deviation of the latents, and of each reward with the best one's lead. */
export interface Spread {
  exploration: string;
  latents: number;
  /** By reward. */
  spread: Record<string, number>;
  lead: Record<string, number>;
}

/**
 * Branches of the lab's base model at clip `target`, of equal prompts and noise for every exploration.
 * @param target 0 for the video's first clip
 */
export function explorationSpread(lab: Lab, exploration: string, target: number): Spread {
  const { config, base: params, shape, tokeniser, rewards, clipSampler } = lab;
  const prompts = rlPrompts(config.seed, target, config.rollout.prompts, target + 1);
  const key = [config.seed, "exploration", target];
  const options = {
    sampler: config.sampler,
    branches: config.rollout.branches,
    exploration: EXPLORATIONS[exploration],
    key,
  };
  const trees = branchClips({ params, shape, tokeniser }, clipSampler, prompts, target, options);
  const metrics = rewardMetrics(scoreTrees(decodeTrees(tokeniser, trees), rewards), rewards);
  const byReward = (suffix: string): Record<string, number> =>
    Object.fromEntries(rewards.map(({ reward: { name } }) => [name, metrics[`charts/${name}${suffix}`]]));
  return { exploration, latents: metrics["charts/latentSpread"], spread: byReward("-spread"), lead: byReward("-lead") };
}
