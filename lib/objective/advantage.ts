/** From rewards of groups of branches to optimality probabilities (WorldCompass, arXiv 2602.09022, section 3.3). */
import { UserError } from "../util/errors.ts";
import { mean } from "../util/statistics.ts";

/** Rewards of one kind: for each group (prompt) the rewards of its branches. */
export type Groups = readonly (readonly number[])[];

/** Below this the rewards are all the same and say nothing. */
const SPREAD_FLOOR = 1e-8;
/** Advantages are clipped to +-2. */
const CLIP = 2;

/** Standard deviation (n) of all numbers of all groups. */
export function globalSpread(groups: Groups): number {
  const all = groups.flat();
  const centre = mean(all);
  return Math.sqrt(mean(all.map((r) => (r - centre) ** 2)));
}

/** (R - group mean) / standard deviation of the raw rewards over all groups; zeros where they do not differ. */
export function advantages(rewards: Groups): number[][] {
  const spread = globalSpread(rewards);
  return rewards.map((group) => {
    const centre = mean(group);
    return group.map((r) => (spread < SPREAD_FLOOR ? 0 : (r - centre) / spread));
  });
}

/**
 * The weighted mean over kinds of reward.
 * @param perReward advantages of each kind, of the same groups
 * @throws UserError unless there is a weight of 0 or more for each, and not all are 0
 */
export function combine(perReward: readonly Groups[], weights: readonly number[]): number[][] {
  const total = weights.reduce((a, b) => a + b, 0);
  if (weights.length !== perReward.length || !(total > 0) || weights.some((w) => !(w >= 0))) {
    throw new UserError(`weights [${weights}] of ${perReward.length} rewards`, "give each a weight of 0 or more");
  }
  return perReward[0].map((group, g) =>
    group.map((_, i) => perReward.reduce((sum, groups, k) => sum + weights[k] * groups[g][i], 0) / total),
  );
}

/** r = A / 4 + 1 / 2 with A clipped to +-2: 0..1. */
export const optimalityOf = (advantage: number): number => Math.max(-CLIP, Math.min(CLIP, advantage)) / 4 + 0.5;

/** A good branch and a bad one of the same group, by index. */
export interface Pair {
  best: number;
  worst: number;
}

/**
 * The `keep` best and the `keep` worst of a group, as pairs: the best with the worst, and so on inwards.
 * Equal advantages keep the order of their indices.
 * @throws UserError if there are fewer than 2 * keep
 */
export function selectPairs(group: readonly number[], keep: number): Pair[] {
  if (!Number.isInteger(keep) || keep < 1 || 2 * keep > group.length) {
    throw new UserError(`${keep} best and worst of ${group.length} branches`, "keep at most half of the branches");
  }
  const order = group.map((_, i) => i).sort((a, b) => group[b] - group[a] || a - b);
  return Array.from({ length: keep }, (_, k) => ({ best: order[k], worst: order[order.length - 1 - k] }));
}
