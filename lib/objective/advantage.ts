/** From rewards of groups of branches to optimality probabilities (WorldCompass, arXiv 2602.09022, section 3.3). */
import { UserError } from "../util/errors.ts";
import { mean } from "../util/statistics.ts";

/** Rewards of one kind: for each group (prompt) the rewards of its branches. */
export type Groups = readonly (readonly number[])[];

/**
 * Rewards that differ by less than this share of the largest say nothing: networks compute in 32-bit floats, whose
 * rounding is 1.2e-7, and the same clip in another place of a batch is rounded otherwise.
 */
const ROUNDING = 1e-6;
/** Advantages are clipped to +-2. */
const CLIP = 2;

const largest = (groups: Groups): number => groups.flat().reduce((most, r) => Math.max(most, Math.abs(r)), 0);

function refuseNonFinite(groups: Groups): void {
  groups.forEach((group, g) => {
    group.forEach((r, i) => {
      if (!Number.isFinite(r)) throw new UserError(`the reward of group ${g}, branch ${i} is ${r}`, "mend the reward");
    });
  });
}

/** Standard deviation (n) of all numbers of all groups, as a share of the largest: squares neither overflow nor vanish. */
function relativeSpread(groups: Groups, size: number): number {
  const all = groups.flat().map((r) => r / size);
  const centre = mean(all);
  return Math.sqrt(mean(all.map((r) => (r - centre) ** 2)));
}

/** Standard deviation (n) of all numbers of all groups. */
export function globalSpread(groups: Groups): number {
  const size = largest(groups);
  return size === 0 ? 0 : size * relativeSpread(groups, size);
}

/** Does any of the numbers differ from another, relative to the rewards' size? */
const differs = (group: readonly number[], size: number): boolean =>
  Math.max(...group) / size - Math.min(...group) / size > ROUNDING;

/**
 * Advantages of groups of candidates: (R - group mean) / standard deviation of the raw rewards over all groups (WorldCompass,
 * arXiv 2602.09022, section 3.3; GRPO's, with one scale for all groups). Exactly 0 throughout a group whose rewards do not
 * differ by more than rounding.
 *
 * @param rewards one list a group, of any scale
 * @throws UserError where a reward is not finite
 * @example
 * ```ts
 * import { advantages } from "worldcompass";
 * console.log(advantages([[0, 1], [5, 5]])[0].map((a) => a.toFixed(2)).join(" ")); // => -0.22 0.22
 * ```
 */
export function advantages(rewards: Groups): number[][] {
  refuseNonFinite(rewards);
  const size = largest(rewards);
  const spread = size === 0 ? 0 : relativeSpread(rewards, size);
  return rewards.map((group) => {
    if (size === 0 || !differs(group, size)) return group.map(() => 0);
    // As shares of the largest throughout: the smallest numbers that there are have no digits to spare.
    const shares = group.map((r) => r / size);
    const centre = mean(shares);
    return shares.map((share) => (share - centre) / spread);
  });
}

/**
 * For each group how far apart two advantages must be to differ by more than rounding; 0 where all are 0.
 * @param rewards what `advantages` was given
 */
export function resolutions(rewards: Groups): number[] {
  const size = largest(rewards);
  return rewards.map((group) => (size > 0 && differs(group, size) ? ROUNDING / relativeSpread(rewards, size) : 0));
}

/**
 * The weighted mean over kinds of reward.
 * @param perReward advantages of each kind, of the same groups
 * @throws UserError unless there is a weight of 0 or more for each, and not all are 0
 */
export function combine(perReward: readonly Groups[], weights: readonly number[]): number[][] {
  const shares = sharesOf(weights, perReward.length);
  return perReward[0].map((group, g) =>
    group.map((_, i) => perReward.reduce((sum, groups, k) => sum + shares[k] * groups[g][i], 0)),
  );
}

/** The resolution of each group's combined advantages, from that of each kind of reward. */
export function combineResolutions(perReward: readonly (readonly number[])[], weights: readonly number[]): number[] {
  const shares = sharesOf(weights, perReward.length);
  return perReward[0].map((_, g) => perReward.reduce((sum, own, k) => sum + shares[k] * own[g], 0));
}

function sharesOf(weights: readonly number[], count: number): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  if (weights.length !== count || !(total > 0 && Number.isFinite(total)) || weights.some((w) => !(w >= 0))) {
    throw new UserError(`weights [${weights}] of ${count} rewards`, "give each a weight of 0 or more");
  }
  return weights.map((w) => w / total);
}

/** r = A / 4 + 1 / 2 with A clipped to +-2: 0..1. @throws UserError where the advantage is not a number */
export function optimalityOf(advantage: number): number {
  if (Number.isNaN(advantage)) throw new UserError("an advantage is NaN", "mend the reward");
  return Math.max(-CLIP, Math.min(CLIP, advantage)) / 4 + 0.5;
}

/** A good branch and a bad one of the same group, by index. */
export interface Pair {
  best: number;
  worst: number;
}

/**
 * The `keep` best and the `keep` worst of a group, as pairs: the best with the worst, and so on inwards; without those
 * that do not differ, from which nothing is to be learnt. Equal advantages keep the order of their indices.
 * @param resolution advantages differ where they are further apart than this
 * @throws UserError if there are fewer than 2 * keep, or one is not a number
 */
export function selectPairs(group: readonly number[], keep: number, resolution = 0): Pair[] {
  if (!Number.isInteger(keep) || keep < 1 || 2 * keep > group.length) {
    throw new UserError(`${keep} best and worst of ${group.length} branches`, "keep at most half of the branches");
  }
  if (group.some(Number.isNaN)) throw new UserError("an advantage is NaN", "mend the reward");
  const order = group.map((_, i) => i).sort((a, b) => group[b] - group[a] || a - b);
  const pairs = Array.from({ length: keep }, (_, k) => ({ best: order[k], worst: order[order.length - 1 - k] }));
  return pairs.filter(({ best, worst }) => group[best] - group[worst] > resolution);
}
