/**
 * How likely each action is, given a measured motion and what the pictures say of its errors: a normal distribution around
 * the action's own motion, whose covariance is the inverse of the alignment's information, times a factor (neighbouring pixels
 * err alike), plus the error that remains where pictures are best. Factor and floor are fitted on recordings.
 */
import { ACTIONS } from "../../world/actions.ts";
import { AXES, stepsOf } from "./reading.ts";

export interface ErrorModel {
  /** What multiplies the alignment's covariance. */
  readonly factor: number;
  /** Standard deviation of an axis in steps, added to it. */
  readonly floor: number;
}

const MOTIONS = Array.from({ length: ACTIONS }, (_, action) => stepsOf(action));
/** Added to the diagonal of information, so that it has an inverse: a standard deviation of 10 steps. */
const WEAK = 0.01;

/** The inverse of a symmetric positive definite matrix, [k, k] row by row. */
export function inverse(matrix: ArrayLike<number>, k: number): Float64Array {
  const [a, out] = [Float64Array.from(matrix), new Float64Array(k * k)];
  for (let i = 0; i < k; i++) out[i * k + i] = 1;
  for (let i = 0; i < k; i++) {
    const pivot = a[i * k + i];
    for (let c = 0; c < k; c++) {
      a[i * k + c] /= pivot;
      out[i * k + c] /= pivot;
    }
    for (let r = 0; r < k; r++) {
      if (r === i) continue;
      const share = a[r * k + i];
      for (let c = 0; c < k; c++) {
        a[r * k + c] -= share * a[i * k + c];
        out[r * k + c] -= share * out[i * k + c];
      }
    }
  }
  return out;
}

/** The information of a measurement under an error model: the inverse of its covariance. */
export function modelled(information: ArrayLike<number>, { factor, floor }: ErrorModel): Float64Array {
  const weak = Array.from(information, (value, i) => value + (i % (AXES + 1) === 0 ? WEAK : 0));
  const covariance = inverse(weak, AXES).map((value, i) => factor * value + (i % (AXES + 1) === 0 ? floor ** 2 : 0));
  return inverse(covariance, AXES);
}

/** Squared distance of a motion from an action's own, in standard deviations. */
function distance(motion: ArrayLike<number>, action: number, information: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < AXES; i++)
    for (let j = 0; j < AXES; j++)
      sum += (motion[i] - MOTIONS[action][i]) * information[i * AXES + j] * (motion[j] - MOTIONS[action][j]);
  return sum;
}

/** @param motion [4] in steps; @param information of it, [4, 4]. @returns probabilities of all actions, [81] */
export function actionProbabilities(
  motion: ArrayLike<number>,
  information: ArrayLike<number>,
  model: ErrorModel,
): Float64Array {
  const own = modelled(information, model);
  const distances = Float64Array.from({ length: ACTIONS }, (_, action) => distance(motion, action, own));
  const least = Math.min(...distances);
  const weights = distances.map((d) => Math.exp((least - d) / 2));
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}
