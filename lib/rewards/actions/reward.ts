/** Interaction following as a reward, by any action estimator: does the clip show the commanded motion? (WorldCompass, section 3.2) */
import { accuracyOf, hardInteraction, softInteraction } from "../../metrics/accuracy.ts";
import { UserError } from "../../util/errors.ts";
import type { Reward } from "../reward.ts";
import { type ActionEstimator, type ActionReading, AXES, stepsOf } from "./reading.ts";

/**
 * `hard`, the paper's: the mean of translation and rotation accuracy over the clip's frame steps. `soft`: the probability of the
 * commanded class instead of right or wrong. `exact`: the share of steps with the whole action right. `near`: how near the
 * measured motion is to the commanded one, 1 for the same; of estimators that measure motion.
 */
export const ACTION_REWARDS = ["hard", "soft", "exact", "near"] as const;
export type ActionRewardVariant = (typeof ACTION_REWARDS)[number];

/** A motion so many steps beside the commanded one is worth exp(-1/2). */
const NEARNESS = 0.5;

/** Mean over frame steps of exp(-d^2 / (2 NEARNESS^2)), d the distance of the motion to the commanded one in steps. */
export function nearness({ motion }: ActionReading, commanded: ArrayLike<number>): number {
  if (!motion) throw new UserError("this estimator measures no motion", "take odometry, or another variant");
  let sum = 0;
  for (let step = 0; step < commanded.length; step++) {
    const aim = stepsOf(commanded[step]);
    const squares = aim.map((value, axis) => (motion[step * AXES + axis] - value) ** 2);
    sum += Math.exp(-squares.reduce((a, b) => a + b, 0) / (2 * NEARNESS ** 2));
  }
  return sum / commanded.length;
}

const MEASURES: Record<ActionRewardVariant, (reading: ActionReading, actions: Int32Array) => number> = {
  hard: ({ labels }, actions) => hardInteraction(labels, actions),
  soft: softInteraction,
  exact: ({ labels }, actions) => accuracyOf(labels, actions).exact,
  near: nearness,
};

/** A reward, 0..1. */
export const actionReward = (estimator: ActionEstimator, variant: ActionRewardVariant): Reward => ({
  name: `interaction-${variant}`,
  score: (clips) => {
    const readings = estimator.read(clips.map(({ frames }) => frames));
    return readings.map((reading, i) => MEASURES[variant](reading, clips[i].actions));
  },
});
