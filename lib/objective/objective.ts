/** What post-training minimises: a loss per sample, as a function of what three policies predict at one point. */
import type * as tf from "@tensorflow/tfjs-core";

/** Points of B samples [B, n, c]; everything but `vTheta` is constant. */
export interface ObjectiveInputs {
  /** Noisy samples. */
  xt: tf.Tensor;
  /** Noise level of each sample, 0..1. [B] */
  sigma: tf.Tensor;
  /** Clean samples x0. */
  target: tf.Tensor;
  /** Velocities (eps - x0) of the old policy, of the one being trained, and of the reference. */
  vOld: tf.Tensor;
  vTheta: tf.Tensor;
  vReference?: tf.Tensor;
  /** Optimality probability r = A / 4 + 1 / 2, 0..1. [B] */
  optimality: tf.Tensor;
  /** 1 where a number counts, broadcast over samples and channels. [1, n, 1] */
  mask: tf.Tensor;
}

/**
 * What post-training minimises. One of your own is an object with these members, its loss made of TensorFlow.js operations
 * so that it has gradients (test/own/objective.test.ts).
 */
export interface Objective {
  readonly name: string;
  /** Whether `vReference` must be given. */
  readonly reference: boolean;
  /** @returns [B] */
  loss(inputs: ObjectiveInputs): tf.Tensor;
}
