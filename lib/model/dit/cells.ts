/**
 * The convolutional stage: a token is 16 x 16 pixels, and a picture moves by a few pixels, so every token would have to
 * shift its neighbours' contents by parts of a token. Here single cells (8 x 8 pixels) of the noisy latent and of the
 * picture before the clip are convolved, told by every token what it has worked out (an hourglass, arXiv 2401.11605, with
 * its wide end at the exit alone).
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, rmsNorm } from "../nn/ops.ts";
import type { Params } from "../nn/params.ts";
import { type DitConfig, type LatentShape, PATCH, tokenColumns, tokenRows } from "./config.ts";

/** Grids [n, rows, columns, c] -> tokens [n, rows / 2 * columns / 2, 4 c]. */
export function toTokens(grid: tf.Tensor): tf.Tensor {
  const [n, rows, columns, c] = grid.shape as [number, number, number, number];
  const [down, across] = [rows / PATCH, columns / PATCH];
  const bands = tf.reshape(grid, [n * down, PATCH, across, PATCH * c]); // [n * 3, 2, 5, 2 c]
  return tf.reshape(tf.transpose(bands, [0, 2, 1, 3]), [n, down * across, PATCH * PATCH * c]); // [n, 15, 4 c]
}

/** The inverse of `toTokens`. */
export function toGrid(tokens: tf.Tensor, latent: LatentShape): tf.Tensor {
  const [n, , c] = tokens.shape as [number, number, number];
  const bands = tf.reshape(tokens, [n * tokenRows(latent), tokenColumns(latent), PATCH, c / PATCH]); // [n * 3, 5, 2, c / 2]
  return tf.reshape(tf.transpose(bands, [0, 2, 1, 3]), [n, latent.rows, latent.columns, c / PATCH ** 2]); // [n, 6, 10, c / 4]
}

const convolve = (p: Params, name: string, x: tf.Tensor): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, p[name] as tf.Tensor4D, 1, "same");

/** Modulated residual block on grids. @param c of each grid, [n, width] */
function cellBlock(p: Params, name: string, x: tf.Tensor, c: tf.Tensor): tf.Tensor {
  const all = tf.add(linear(c, p[`${name}.modulation.w`]), p[`${name}.modulation.b`]);
  const [shift, scale, gate] = tf.split(tf.reshape(all, [x.shape[0], 1, 1, -1]), 3, -1); // [n, 1, 1, width] each
  const y = tf.relu(convolve(p, `${name}.1`, tf.add(tf.mul(rmsNorm(x), tf.add(scale, 1)), shift)));
  return tf.add(x, tf.mul(convolve(p, `${name}.2`, y), tf.add(gate, 1)));
}

/**
 * @param tokens what the transformer has come to, [n, tokens, width], for n latents
 * @param c conditioning vectors, [n, width]
 * @param noisy,previous the latents themselves and the picture before each one's clip, [n, rows, columns, channels]
 * @returns what to add to the predicted clean latents, like `noisy`
 */
export function cellStage(
  p: Params,
  { latent, cellDepth }: DitConfig,
  tokens: tf.Tensor,
  c: tf.Tensor,
  noisy: tf.Tensor,
  previous: tf.Tensor,
): tf.Tensor {
  const coarse = toGrid(linear(rmsNorm(tokens), p["cells.coarse"]), latent); // [n, rows, columns, width]
  let x = tf.add(convolve(p, "cells.in", tf.concat([noisy, previous], -1)), coarse);
  for (let i = 0; i < cellDepth; i++) x = cellBlock(p, `cells.${i}`, x, c);
  return convolve(p, "cells.out", tf.relu(rmsNorm(x)));
}
