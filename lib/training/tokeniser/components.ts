/** Principal components of 8 x 8 x 4 pixel blocks by subspace iteration: the tokeniser's linear part. */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../model/nn/params.ts";
import { BLOCK_CHANNELS, foldTwice } from "../../model/tokeniser/network.ts";
import { Rng } from "../../util/rng.ts";

const ITERATIONS = 40;

/** Makes columns orthonormal in place (modified Gram-Schmidt). Each column has `rows` entries. */
function orthonormalise(columns: Float32Array[]): void {
  columns.forEach((column, k) => {
    for (const other of columns.slice(0, k)) {
      const along = dot(column, other);
      for (let i = 0; i < column.length; i++) column[i] -= along * other[i];
    }
    const length = Math.sqrt(dot(column, column));
    for (let i = 0; i < column.length; i++) column[i] /= length;
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** columns -> covariance columns, on the backend. */
function multiply(covariance: tf.Tensor2D, columns: Float32Array[]): Float32Array[] {
  const joined = tf.tidy(() => tf.matMul(tf.stack(columns) as tf.Tensor2D, covariance).dataSync() as Float32Array);
  return columns.map((column, k) => joined.slice(k * column.length, (k + 1) * column.length));
}

/**
 * Fits mean, analysis and synthesis. Component k is divided by the fourth root of its variance, a compromise between
 * whitening (noise gets equal weight) and none (detail gets no weight), and all by one number so that the mean variance
 * of the latents is 1.
 * @param groups folded groups [n, 12, 20, 192]
 * @param channels of a latent's cells
 */
export function fitComponents(groups: tf.Tensor, seed: number, channels: number): Params {
  const blocks = tf.tidy(() => tf.reshape(foldTwice(groups), [-1, BLOCK_CHANNELS]) as tf.Tensor2D);
  const mean = tf.mean(blocks, 0);
  const covariance = tf.tidy(() => {
    const centred = tf.sub(blocks, mean) as tf.Tensor2D;
    return tf.div(tf.matMul(centred, centred, true), blocks.shape[0]) as tf.Tensor2D;
  });
  let columns = Array.from({ length: channels }, (_, k) => Rng.of(seed, "components", k).normals(BLOCK_CHANNELS));
  orthonormalise(columns);
  for (let i = 0; i < ITERATIONS; i++) {
    columns = multiply(covariance, columns);
    orthonormalise(columns);
  }
  const variances = multiply(covariance, columns).map((image, k) => dot(image, columns[k]));
  tf.dispose([blocks, covariance]);
  return { "linear.mean": mean, ...scaled(columns, variances) };
}

function scaled(columns: Float32Array[], variances: number[]): Params {
  const roots = variances.map((v) => v ** 0.25);
  const norm = Math.sqrt(variances.reduce((sum, v, k) => sum + v / roots[k] ** 2, 0) / variances.length);
  const scale = roots.map((root) => root * norm);
  const analysis = columns.map((column, k) => column.map((x) => x / scale[k]));
  const synthesis = columns.map((column, k) => column.map((x) => x * scale[k]));
  return {
    "linear.analysis": tf.tidy(() => tf.transpose(tf.stack(analysis))),
    "linear.synthesis": tf.stack(synthesis),
  };
}
