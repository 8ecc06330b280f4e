/** From scored groups to what is trained: pairs of a good and a bad candidate, each with its optimality. */
import {
  advantages,
  combine,
  combineResolutions,
  optimalityOf,
  resolutions,
  selectPairs,
} from "../../objective/advantage.ts";
import type { Scoring, Weighted } from "../../rewards/reward.ts";
import type { Group } from "../../rollout/group.ts";
import { Rng } from "../../util/rng.ts";

/** A candidate that is trained. */
export interface Selected {
  readonly group: Group;
  readonly candidate: number;
  /** Probability of being optimal, 0..1. */
  readonly optimality: number;
}

/** A good candidate and a bad one of one group. */
export type SelectedPair = readonly [best: Selected, worst: Selected];

/** Scores of one reward: for each group its candidates'. */
export type Scores = readonly (readonly number[])[];

export interface SelectOptions {
  /** Best and worst candidates that are kept, each. */
  readonly keep: number;
  /** Shuffle each group's advantages, with streams named by this: the placebo. */
  readonly shuffle?: readonly (string | number)[];
}

/** @returns for every group its kept pairs, outermost first; none where its candidates do not differ */
export function selectPairsOf(
  groups: readonly Group[],
  scores: readonly Scores[],
  rewards: readonly Weighted<Scoring>[],
  { keep, shuffle }: SelectOptions,
): SelectedPair[][] {
  const weights = rewards.map(({ weight }) => weight);
  const combined = combine(scores.map(advantages), weights);
  const resolution = combineResolutions(scores.map(resolutions), weights);
  return groups.map((group, g) => {
    const own = shuffle ? Rng.of(...shuffle, "placebo", g).shuffled(combined[g]) : combined[g];
    const kept = (candidate: number): Selected => ({ group, candidate, optimality: optimalityOf(own[candidate]) });
    return selectPairs(own, keep, resolution[g]).map(({ best, worst }): SelectedPair => [kept(best), kept(worst)]);
  });
}

/** Deals each group's pairs out to `count` minibatches; one for which none is left is empty. */
export const minibatchesOf = (pairs: readonly (readonly SelectedPair[])[], count: number): SelectedPair[][] =>
  Array.from({ length: count }, (_, j) => pairs.flatMap((own) => own.filter((_, i) => i % count === j)));
