/** How an alignment's motions err, fitted on recordings: the error model under which what was done is likeliest. */
import { actionProbabilities, type ErrorModel } from "../../rewards/actions/likelihood.ts";
import type { LatentMotion } from "../../rewards/actions/odometry.ts";
import { mean } from "../../util/statistics.ts";

const FACTORS = [10, 30, 100, 300, 1000, 3000];
const FLOORS = [0.03, 0.05, 0.08, 0.12, 0.18];

export interface FittedErrors extends ErrorModel {
  /** Mean negative logarithm of the probability of what was done. */
  readonly surprise: number;
}

/** Added to a probability, or one odd latent would decide. */
const LEAST = 1e-6;

/** @param actions that were carried out, one for each motion */
export function fitErrors(motions: readonly LatentMotion[], actions: ArrayLike<number>): FittedErrors {
  const surpriseOf = (model: ErrorModel): number =>
    mean(
      motions.map(
        ({ motion, information }, i) => -Math.log(LEAST + actionProbabilities(motion, information, model)[actions[i]]),
      ),
    );
  return FACTORS.flatMap((factor) => FLOORS.map((floor) => ({ factor, floor })))
    .map((model) => ({ ...model, surprise: surpriseOf(model) }))
    .reduce((best, other) => (other.surprise < best.surprise ? other : best));
}
