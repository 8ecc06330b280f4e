/**
 * Filtered fine-tuning ("best of N", RAFT, arXiv 2304.06767): plain flow matching on the candidates above their group's
 * mean, nothing from the others, no old policy. The control for what selection alone does.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Objective, ObjectiveInputs } from "./objective.ts";
import { maskedMean, perSample } from "./reduce.ts";

/** |v_theta - (x_t - x0) / sigma|^2 per kept sample, 0 for the others. [B] */
export function filteredLoss({ xt, sigma, target, vTheta, optimality, mask }: ObjectiveInputs): tf.Tensor {
  const velocity = tf.div(tf.sub(xt, target), perSample(sigma));
  const kept = tf.cast(tf.greater(optimality, 0.5), "float32");
  return tf.mul(kept, maskedMean(tf.squaredDifference(vTheta, velocity), mask));
}

/**
 * Filtered fine-tuning ("best of N"; RAFT, arXiv 2304.06767): flow matching on the candidates above their group's mean,
 * nothing from the others.
 * @example
 * ```ts
 * import { filtered } from "worldcompass";
 * console.log(filtered().name); // => filtered
 * ```
 */
export const filtered = (): Objective => ({
  name: "filtered",
  reference: false,
  loss: filteredLoss,
});
