/** Sums and means per sample, and constants to the gradient. */
import * as tf from "@tensorflow/tfjs-core";

/** The identity, without a gradient. */
export const stopGradient = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc) => {
  const value = tf.clone(x as tf.Tensor);
  return { value, gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) };
}) as (x: tf.Tensor) => tf.Tensor;

/** [B] -> [B, 1, 1], to go with samples [B, n, c]. */
export const perSample = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, 1, 1]);

/** Mean over the numbers of each sample that count. x [B, n, c], mask [1, n, 1] -> [B] */
export function maskedMean(x: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const counted = tf.mul(tf.sum(mask), x.shape[2] as number);
  return tf.div(tf.sum(tf.mul(x, mask), [1, 2]), counted);
}
