/**
 * Pictures as matrices: a frame is [height, 3 width] with interleaved colours, and every smoothing, difference, padding
 * and pooling is a matrix applied to its rows or its columns. One matrix product each, with no gradient needed.
 */
import * as tf from "@tensorflow/tfjs-core";

/** Weights [to, from] of one axis. */
export type AxisWeights = number[][];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** An axis from a function of (output index, input index). */
const axis = (to: number, from: number, weight: (o: number, i: number) => number): AxisWeights =>
  range(to).map((o) => range(from).map((i) => weight(o, i)));

const clampedTo = (n: number, i: number): number => Math.max(0, Math.min(n - 1, i));

/** Taps `weights` around each of `to` positions `stride` apart, the edge repeated outside. */
export function taps(from: number, to: number, stride: number, first: number, weights: number[]): AxisWeights {
  const rows = axis(to, from, () => 0);
  rows.forEach((row, o) => {
    weights.forEach((weight, k) => {
      row[clampedTo(from, o * stride + first + k)] += weight;
    });
  });
  return rows;
}

/** Half the resolution by the binomial filter [1 3 3 1] / 8. */
export const halfScale = (from: number): AxisWeights => taps(from, from / 2, 2, -1, [1 / 8, 3 / 8, 3 / 8, 1 / 8]);

/** Central difference, one-sided and halved at the edges. */
export const difference = (n: number): AxisWeights => taps(n, n, 1, -1, [-0.5, 0, 0.5]);

/** Binomial smoothing [1 2 1] / 4. */
export const smooth = (n: number): AxisWeights => taps(n, n, 1, -1, [0.25, 0.5, 0.25]);

/** Edges repeated `by` times on both sides. */
export const padded = (n: number, by: number): AxisWeights => taps(n, n + 2 * by, 1, -by, [1]);

/** Gaussian windows around the centres of `cells` equal cells, each summing to 1. @param sigma in cells */
export function windows(from: number, cells: number, sigma: number): AxisWeights {
  const size = from / cells;
  const spread = Math.max(sigma * size, 0.6);
  return range(cells).map((cell) => {
    const row = range(from).map((i) => Math.exp(-(((i + 0.5 - (cell + 0.5) * size) / spread) ** 2) / 2));
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((w) => w / sum);
  });
}

/** The product of two axes: first `inner`, then `outer`. */
export const after = (outer: AxisWeights, inner: AxisWeights): AxisWeights =>
  outer.map((row) => inner[0].map((_, i) => row.reduce((sum, w, k) => sum + w * inner[k][i], 0)));

/** The same axis for each of three interleaved colours: [to, from] -> [3 to, 3 from]. */
export const perColour = (a: AxisWeights): AxisWeights =>
  axis(3 * a.length, 3 * a[0].length, (o, i) => (o % 3 === i % 3 ? a[Math.floor(o / 3)][Math.floor(i / 3)] : 0));

/** The axis applied to each colour and summed over them: [to, from] -> [to, 3 from]. */
export const overColours = (a: AxisWeights): AxisWeights =>
  axis(a.length, 3 * a[0].length, (o, i) => a[o][Math.floor(i / 3)]);

/** A x for every picture: [n, from, w] -> [n, to, w]. */
export function onRows(x: tf.Tensor, a: AxisWeights): tf.Tensor {
  const matrix = tf.tensor3d([a]);
  return tf.matMul(matrix, x);
}

/** x A^T for every picture: [n, h, from] -> [n, h, to]. */
export function onColumns(x: tf.Tensor, a: AxisWeights): tf.Tensor {
  const [n, h, w] = x.shape;
  const flat = tf.reshape(x, [n * h, w]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(flat, tf.tensor2d(a), false, true), [n, h, a.length]);
}
