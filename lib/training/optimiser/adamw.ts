/** AdamW (Loshchilov & Hutter 2019) as a pure function of parameters, gradients and moments. */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../model/nn/params.ts";

export interface AdamWConfig {
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  epsilon: number;
  /** Decoupled weight decay per unit of learning rate. */
  weightDecay: number;
}

export const ADAMW_DEFAULTS: AdamWConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };

/** Zero moments for one parameter, under the names `m` and `v`. */
export const adamwInit = (param: tf.Tensor): Params => ({ m: tf.zerosLike(param), v: tf.zerosLike(param) });

/**
 * One step for one tensor.
 * @param lr learning rate
 * @param step 1 for the first step (bias correction); a tensor, like lr, so that a compiled step can be told both
 * @returns the new parameter and moments; the old tensors are left to the caller
 */
export function adamwStep(
  param: tf.Tensor,
  grad: tf.Tensor,
  state: Params,
  lr: tf.Scalar,
  step: tf.Scalar,
  config: AdamWConfig = ADAMW_DEFAULTS,
): { param: tf.Tensor; state: Params } {
  const { beta1, beta2, epsilon, weightDecay } = config;
  const m = tf.add(tf.mul(state.m, beta1), tf.mul(grad, 1 - beta1));
  const v = tf.add(tf.mul(state.v, beta2), tf.mul(tf.square(grad), 1 - beta2));
  const root = tf.sqrt(tf.sub(1, tf.pow(beta2, step)));
  const direction = tf.div(m, tf.add(tf.sqrt(v), tf.mul(root, epsilon)));
  const rate = tf.div(tf.mul(lr, root), tf.sub(1, tf.pow(beta1, step)));
  const kept = tf.sub(1, tf.mul(lr, weightDecay));
  const moved = tf.sub(tf.mul(param, kept), tf.mul(direction, rate));
  return { param: moved, state: { m, v } };
}
