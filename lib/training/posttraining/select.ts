/** From scored trees to what is trained: pairs of a good and a bad branch, each with its optimality. */
import { advantages, combine, optimalityOf, selectPairs } from "../../objective/index.ts";
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
  /** For every tree its kept pairs, outermost first. */
  readonly pairs: readonly (readonly KeptPair[])[];
}

export function selectBranches(trees: readonly ScoredTree[], rewards: readonly Weighted[], keep: number): Selection {
  const perReward = rewards.map((_, k) => advantages(trees.map((tree) => tree.rewards[k])));
  const combined = combine(
    perReward,
    rewards.map(({ weight }) => weight),
  );
  const pairs = trees.map(({ tree }, t) => {
    const kept = (branch: number): Kept => ({ tree, branch, optimality: optimalityOf(combined[t][branch]) });
    return selectPairs(combined[t], keep).map(({ best, worst }): KeptPair => [kept(best), kept(worst)]);
  });
  return { advantages: combined, pairs };
}

/** Deals each tree's pairs out to `count` minibatches, so that every one has equally many of every tree. */
export function dealPairs({ pairs }: Selection, count: number): KeptPair[][] {
  return Array.from({ length: count }, (_, j) => pairs.flatMap((own) => own.filter((_, i) => i % count === j)));
}
