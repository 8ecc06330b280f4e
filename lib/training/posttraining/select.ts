/** From scored trees to what is trained: pairs of a good and a bad branch, each with its optimality. */
import {
  advantages,
  combine,
  combineResolutions,
  optimalityOf,
  resolutions,
  selectPairs,
} from "../../objective/index.ts";
import type { Weighted } from "../../rewards/index.ts";
import type { RolloutTree, ScoredTree } from "../../rollout/index.ts";

/** A branch that is trained. */
export interface Kept {
  readonly tree: RolloutTree;
  readonly branch: number;
  /** Probability of being optimal, 0..1. */
  readonly optimality: number;
}

/** A good branch and a bad one of one tree. */
export type KeptPair = readonly [best: Kept, worst: Kept];

export interface Selection {
  /** Combined advantage of every branch of every tree. */
  readonly advantages: readonly (readonly number[])[];
  /** For every tree its kept pairs, outermost first; none where its branches do not differ. */
  readonly pairs: readonly (readonly KeptPair[])[];
}

/** @throws UserError where a reward or an advantage is not a number */
export function selectBranches(trees: readonly ScoredTree[], rewards: readonly Weighted[], keep: number): Selection {
  const groups = rewards.map((_, k) => trees.map((tree) => tree.rewards[k]));
  const weights = rewards.map(({ weight }) => weight);
  const combined = combine(groups.map(advantages), weights);
  const resolution = combineResolutions(groups.map(resolutions), weights);
  const pairs = trees.map(({ tree }, t) => {
    const kept = (branch: number): Kept => ({ tree, branch, optimality: optimalityOf(combined[t][branch]) });
    return selectPairs(combined[t], keep, resolution[t]).map(({ best, worst }): KeptPair => [kept(best), kept(worst)]);
  });
  return { advantages: combined, pairs };
}

/** The share of trees without a pair to train, 0..1. */
export const deadShare = ({ pairs }: Selection): number =>
  pairs.filter((own) => own.length === 0).length / pairs.length;

/**
 * Deals each tree's pairs out to `count` minibatches, so that every one has equally many of every tree whose branches
 * differ. A minibatch for which none is left is empty.
 */
export function dealPairs({ pairs }: Selection, count: number): KeptPair[][] {
  return Array.from({ length: count }, (_, j) => pairs.flatMap((own) => own.filter((_, i) => i % count === j)));
}
