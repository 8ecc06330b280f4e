/** The few differentiable operations that the networks share, with gradients written out where autograd is wasteful. */
import * as tf from "@tensorflow/tfjs-core";

type Tensor = tf.Tensor;

/** x W for x of any rank: [..., in] x [in, out] -> [..., out]. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const flat = tf.reshape(x, [-1, weight.shape[0]]) as tf.Tensor2D;
  const y = tf.matMul(flat, weight as tf.Tensor2D);
  const out = tf.reshape(y, [...x.shape.slice(0, -1), weight.shape[1] as number]);
  return bias ? tf.add(out, bias) : out;
}

const RMS_EPSILON = 1e-6;

/** Root-mean-square normalisation over the last axis without a gain: x / sqrt(mean(x^2) + 1e-6). */
export const rmsNorm = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc, save?: tf.Tensor | tf.GradSaveFunc) => {
  const input = x as Tensor;
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(input), -1, true), RMS_EPSILON));
  const value = tf.mul(input, scale);
  (save as tf.GradSaveFunc)([value, scale]);
  const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
    const [y, s] = saved;
    return tf.mul(tf.sub(dy, tf.mul(y, tf.mean(tf.mul(dy, y), -1, true))), s);
  };
  return { value, gradFunc };
}) as (x: Tensor) => Tensor;

/** relu(x)^2 (So et al. 2021, "Primer"): two passes forward and two backward, against eight for GELU. */
export const reluSquared = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc, save?: tf.Tensor | tf.GradSaveFunc) => {
  const positive = tf.relu(x as Tensor);
  (save as tf.GradSaveFunc)([positive]);
  const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => tf.mul(dy, tf.mul(saved[0], 2));
  return { value: tf.square(positive), gradFunc };
}) as (x: Tensor) => Tensor;

/** x * sigmoid(x), for small tensors only (four passes). */
export const silu = (x: Tensor): Tensor => tf.mul(x, tf.sigmoid(x));
