/**
 * Flow-GRPO (arXiv 2505.05470), the policy-gradient peer: sampling is made stochastic, each transition of the sampler
 * is a Gaussian action, and its probability ratio to the old policy is clipped as in PPO.
 *
 * Departures: transitions keep the noise level exactly (see lib/rollout/transition.ts) where the paper integrates an
 * SDE, which few-step samplers do too coarsely; log-probabilities are means over a sample's numbers, as in its code.
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../util/errors.ts";
import type { Objective, ObjectiveInputs } from "./objective.ts";
import { maskedMean, perSample } from "./reduce.ts";

export interface GrpoConfig {
  /** Ratios are clipped to [1 - clip, 1 + clip]. */
  clip: number;
  /** Weight of the Kullback-Leibler divergence of each transition from the reference policy's. */
  klWeight: number;
}

export const GRPO_DEFAULTS: GrpoConfig = { clip: 1e-3, klWeight: 0 };

/** Loss per sample: -min(ratio A, clipped ratio A), A = 4 r - 2. [B] */
export function grpoLoss(inputs: ObjectiveInputs, { clip, klWeight }: GrpoConfig): tf.Tensor {
  const { xt, goal, vOld, vTheta, vReference, optimality, mask, transition } = inputs;
  if (!transition) throw new UserError("Flow-GRPO without transitions", "sample with noise, and keep the states");
  const [fromX, fromV, std] = [transition.fromX, transition.fromV, transition.std].map(perSample);
  const meanOf = (v: tf.Tensor): tf.Tensor => tf.add(tf.mul(fromX, xt), tf.mul(fromV, v));
  /** Squared distance in standard deviations, halved: minus the log-probability up to a constant. */
  const distance = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    tf.mul(maskedMean(tf.square(tf.div(tf.sub(a, b), std)), mask), 0.5);
  const ratio = tf.exp(tf.sub(distance(goal, meanOf(vOld)), distance(goal, meanOf(vTheta))));
  const advantage = tf.sub(tf.mul(optimality, 4), 2);
  const clipped = tf.clipByValue(ratio, 1 - clip, 1 + clip);
  const loss = tf.neg(tf.minimum(tf.mul(ratio, advantage), tf.mul(clipped, advantage)));
  if (klWeight === 0) return loss;
  if (!vReference) throw new UserError("a KL weight without a reference policy", "give vReference");
  return tf.add(loss, tf.mul(distance(meanOf(vReference), meanOf(vTheta)), klWeight));
}

/** @throws UserError where the clip is not positive or the KL weight negative */
export function grpo(options: Partial<GrpoConfig> = {}): Objective {
  const config = { ...GRPO_DEFAULTS, ...options };
  if (!(config.clip > 0)) throw new UserError(`the clip is ${config.clip}`, "give a positive number");
  if (!(config.klWeight >= 0)) throw new UserError(`the KL weight is ${config.klWeight}`, "give 0 or more");
  return {
    name: "flow-grpo",
    transitions: true,
    reference: config.klWeight > 0,
    loss: (inputs) => grpoLoss(inputs, config),
  };
}
