/** Interaction following: does the clip show the commanded motion? (WorldCompass, section 3.2) */
import { type Estimator, estimateSteps, groupsOfVideo, type StepEstimates } from "../estimator/index.ts";
import { hardInteraction, softInteraction } from "../metrics/accuracy.ts";
import { joinBytes } from "../util/arrays.ts";
import { UserError } from "../util/errors.ts";
import type { JudgedClip, Reward } from "./reward.ts";

/**
 * `hard`, the paper's: the mean of translation and rotation accuracy over the clip's frame steps. `soft`: the
 * estimator's probability of the commanded class instead of right or wrong, finer between clips that are equally right.
 */
export const INTERACTION_VARIANTS = ["hard", "soft"] as const;
export type InteractionVariant = (typeof INTERACTION_VARIANTS)[number];

/** Probabilities of one axis: 9 classes a step. */
const CLASSES = 9;

/** @throws UserError if there is no such variant */
export function interactionVariantOf(name: string): InteractionVariant {
  const found = INTERACTION_VARIANTS.find((known) => known === name);
  if (found) return found;
  throw new UserError(`no interaction reward "${name}"`, `choose one of ${INTERACTION_VARIANTS.join(", ")}`);
}

/** 0..1. */
export function interactionReward(estimator: Estimator, variant: InteractionVariant = "hard"): Reward {
  const score = (clips: readonly JudgedClip[]): number[] => {
    const all = estimateSteps(estimator, joinBytes(clips.map(({ frames }) => groupsOfVideo(frames))));
    let from = 0;
    return clips.map(({ actions }) => {
      const to = from + actions.length;
      const value =
        variant === "hard"
          ? hardInteraction(all.labels.subarray(from, to), actions)
          : softInteraction(sliceSteps(all, from, to), actions);
      from = to;
      return value;
    });
  };
  return { name: "interaction", score };
}

const sliceSteps = ({ translation, rotation }: StepEstimates, from: number, to: number) => ({
  translation: translation.subarray(from * CLASSES, to * CLASSES),
  rotation: rotation.subarray(from * CLASSES, to * CLASSES),
});
