/** Interaction following: does the clip show the commanded motion? (WorldCompass, section 3.2) */

import { accuracyOf, hardInteraction, softInteraction } from "../metrics/accuracy.ts";
import { joinBytes } from "../util/arrays.ts";
import { type Estimator, estimateSteps, groupsOfVideo, type StepEstimates } from "./estimator/index.ts";
import type { JudgedClip, Reward } from "./reward.ts";

/**
 * `hard`, the paper's: the mean of translation and rotation accuracy over the clip's frame steps. `soft`: the
 * estimator's probability of the commanded class instead of right or wrong, finer between clips that are equally right.
 * `exact`: the share of steps with the whole action right, the paper's reported metric.
 */
export const INTERACTION_VARIANTS = ["hard", "soft", "exact"] as const;
export type InteractionVariant = (typeof INTERACTION_VARIANTS)[number];

/** Classes of one axis. */
const CLASSES = 9;

const MEASURES: Record<InteractionVariant, (steps: StepEstimates, actions: Int32Array) => number> = {
  hard: ({ labels }, actions) => hardInteraction(labels, actions),
  soft: softInteraction,
  exact: ({ labels }, actions) => accuracyOf(labels, actions).exact,
};

/** Rewards 0..1 of several variants that share one reading of the clips. */
export function interactionRewards(estimator: Estimator, variants: readonly InteractionVariant[]): Reward[] {
  const readings = new WeakMap<readonly JudgedClip[], StepEstimates[]>();
  const read = (clips: readonly JudgedClip[]): StepEstimates[] => {
    const known = readings.get(clips) ?? readClips(estimator, clips);
    readings.set(clips, known);
    return known;
  };
  return variants.map((variant) => {
    const score = (clips: readonly JudgedClip[]): number[] =>
      read(clips).map((steps, i) => MEASURES[variant](steps, clips[i].actions));
    return { name: `interaction-${variant}`, score };
  });
}

export const interactionReward = (estimator: Estimator, variant: InteractionVariant = "hard"): Reward =>
  interactionRewards(estimator, [variant])[0];

function readClips(estimator: Estimator, clips: readonly JudgedClip[]): StepEstimates[] {
  const all = estimateSteps(estimator, joinBytes(clips.map(({ frames }) => groupsOfVideo(frames))));
  let to = 0;
  return clips.map(({ actions }) => {
    const from = to;
    to += actions.length;
    return {
      translation: all.translation.subarray(from * CLASSES, to * CLASSES),
      rotation: all.rotation.subarray(from * CLASSES, to * CLASSES),
      labels: all.labels.subarray(from, to),
    };
  });
}
