/**
 * The autoencoder: a fixed linear projection onto principal components of 8 x 8 x 4 pixel blocks, which alone is a fair
 * code, and convolutional networks that learn what to add to it on both sides.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, rmsNorm } from "../nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../nn/params.ts";
import { FOLDED_CHANNELS, TOKENISER } from "./config.ts";

const [NARROW, WIDE] = TOKENISER.widths;

const conv = (name: string, size: number, input: number, output: number, gain = 1): ParamSpec => ({
  [`${name}.w`]: fanIn([size, size, input, output], gain),
  [`${name}.b`]: filled([output], 0),
});

const residual = (name: string, width: number): ParamSpec => ({
  ...conv(`${name}.1`, 3, width, width, Math.SQRT2),
  ...conv(`${name}.2`, 3, width, width, 0.1),
});

/** The trained part. @param channels of a latent's cells */
export const tokeniserSpec = (channels: number = TOKENISER.latentChannels): ParamSpec => ({
  ...conv("enc.in", 3, FOLDED_CHANNELS, NARROW),
  ...residual("enc.narrow", NARROW),
  ...conv("enc.down", 3, NARROW, WIDE),
  ...residual("enc.wide1", WIDE),
  ...residual("enc.wide2", WIDE),
  "enc.out.w": fanIn([WIDE, channels], 0.1),
  ...conv("dec.in", 3, channels, WIDE),
  ...residual("dec.wide1", WIDE),
  ...residual("dec.wide2", WIDE),
  "dec.up.w": fanIn([WIDE, 4 * NARROW]),
  ...residual("dec.narrow1", NARROW),
  ...residual("dec.narrow2", NARROW),
  ...conv("dec.out", 3, NARROW, FOLDED_CHANNELS, 0.1),
});

/** Numbers of a block of 8 x 8 pixels and 4 frames. */
export const BLOCK_CHANNELS = 4 * FOLDED_CHANNELS;

/** The linear part, fitted once and not trained: latent = (block - mean) analysis, block = latent synthesis + mean. */
export const linearSpec = (channels: number = TOKENISER.latentChannels): ParamSpec => ({
  "linear.mean": filled([BLOCK_CHANNELS], 0),
  "linear.analysis": filled([BLOCK_CHANNELS, channels], 0),
  "linear.synthesis": filled([channels, BLOCK_CHANNELS], 0),
});

const convolve = (p: Params, name: string, x: tf.Tensor, stride = 1): tf.Tensor =>
  tf.add(tf.conv2d(x as tf.Tensor4D, p[`${name}.w`] as tf.Tensor4D, stride, "same"), p[`${name}.b`]);

const block = (p: Params, name: string, x: tf.Tensor): tf.Tensor =>
  tf.add(x, convolve(p, `${name}.2`, tf.relu(convolve(p, `${name}.1`, rmsNorm(x)))));

/** [n, 6, 10, 4 c] -> [n, 12, 20, c]: channel (dy, dx, c) goes to the pixel it names (depth to space, differentiable). */
function unfoldTwice(x: tf.Tensor): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const rows = tf.transpose(tf.reshape(x, [n * h, w, 2, c / 2]), [0, 2, 1, 3]); // [n * h, 2, w, c / 2]
  return tf.reshape(rows, [n, 2 * h, 2 * w, c / 4]);
}

/** [n, 12, 20, c] -> [n, 6, 10, 4 c]: the inverse of `unfoldTwice`. */
export function foldTwice(x: tf.Tensor): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const rows = tf.transpose(tf.reshape(x, [(n * h) / 2, 2, w / 2, 2 * c]), [0, 2, 1, 3]); // [n * h / 2, w / 2, 2, 2 c]
  return tf.reshape(rows, [n, h / 2, w / 2, 4 * c]);
}

/** Folded groups [n, 12, 20, 192] -> latents [n, 6, 10, 32] of unit variance on average. */
export function encode(p: Params, groups: tf.Tensor): tf.Tensor4D {
  let x = block(p, "enc.narrow", convolve(p, "enc.in", groups)); // [n, 12, 20, 96]
  x = convolve(p, "enc.down", x, 2); // [n, 6, 10, 160]
  x = block(p, "enc.wide2", block(p, "enc.wide1", x));
  const plain = linear(tf.sub(foldTwice(groups), p["linear.mean"]), p["linear.analysis"]);
  return tf.add(plain, linear(x, p["enc.out.w"])) as tf.Tensor4D;
}

/** Latents [n, 6, 10, 32] -> folded groups [n, 12, 20, 192], nominally in [-1, 1]. */
export function decode(p: Params, latents: tf.Tensor): tf.Tensor4D {
  let x = convolve(p, "dec.in", latents); // [n, 6, 10, 160]
  x = block(p, "dec.wide2", block(p, "dec.wide1", x));
  x = unfoldTwice(linear(x, p["dec.up.w"])); // [n, 12, 20, 96]
  x = block(p, "dec.narrow2", block(p, "dec.narrow1", x));
  const plain = unfoldTwice(tf.add(linear(latents, p["linear.synthesis"]), p["linear.mean"]));
  return tf.add(plain, convolve(p, "dec.out", x)) as tf.Tensor4D;
}
