/**
 * The autoencoder. Latent cells lie on a sphere (root-mean-square 1 over the 16 channels), so latents have unit
 * variance by construction and a generated latent is pulled back to the data's sphere before it is decoded.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, rmsNorm } from "../nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../nn/params.ts";
import { FOLDED_CHANNELS, TOKENISER } from "./config.ts";

const [NARROW, WIDE] = TOKENISER.widths;
const CHANNELS = TOKENISER.latentChannels;

const conv = (name: string, size: number, input: number, output: number, gain = 1): ParamSpec => ({
  [`${name}.w`]: fanIn([size, size, input, output], gain),
  [`${name}.b`]: filled([output], 0),
});

const residual = (name: string, width: number): ParamSpec => ({
  ...conv(`${name}.1`, 3, width, width, Math.SQRT2),
  ...conv(`${name}.2`, 3, width, width, 0.1),
});

export const TOKENISER_SPEC: ParamSpec = {
  ...conv("enc.in", 3, FOLDED_CHANNELS, NARROW),
  ...residual("enc.narrow", NARROW),
  ...conv("enc.down", 3, NARROW, WIDE),
  ...residual("enc.wide1", WIDE),
  ...residual("enc.wide2", WIDE),
  "enc.out.w": fanIn([WIDE, CHANNELS]),
  ...conv("dec.in", 3, CHANNELS, WIDE),
  ...residual("dec.wide1", WIDE),
  ...residual("dec.wide2", WIDE),
  "dec.up.w": fanIn([WIDE, 4 * NARROW]),
  ...residual("dec.narrow1", NARROW),
  ...residual("dec.narrow2", NARROW),
  ...conv("dec.out", 3, NARROW, FOLDED_CHANNELS, 0.5),
};

const convolve = (p: Params, name: string, x: tf.Tensor, stride = 1): tf.Tensor =>
  tf.add(tf.conv2d(x as tf.Tensor4D, p[`${name}.w`] as tf.Tensor4D, stride, "same"), p[`${name}.b`]);

const block = (p: Params, name: string, x: tf.Tensor): tf.Tensor =>
  tf.add(x, convolve(p, `${name}.2`, tf.relu(convolve(p, `${name}.1`, x))));

/** [n, 6, 10, 4 c] -> [n, 12, 20, c]: channel (dy, dx, c) goes to the pixel it names (depth to space, differentiable). */
function unfoldTwice(x: tf.Tensor): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const rows = tf.transpose(tf.reshape(x, [n * h, w, 2, c / 2]), [0, 2, 1, 3]);
  return tf.reshape(rows, [n, 2 * h, 2 * w, c / 4]);
}

/** Folded groups [n, 12, 20, 192] -> latents [n, 6, 10, 16] with unit root-mean-square per cell. */
export function encode(p: Params, groups: tf.Tensor): tf.Tensor4D {
  let x = block(p, "enc.narrow", convolve(p, "enc.in", groups));
  x = convolve(p, "enc.down", x, 2);
  x = block(p, "enc.wide2", block(p, "enc.wide1", x));
  return rmsNorm(linear(x, p["enc.out.w"])) as tf.Tensor4D;
}

/** Latents [n, 6, 10, 16] -> folded groups [n, 12, 20, 192], nominally in [-1, 1]. */
export function decode(p: Params, latents: tf.Tensor): tf.Tensor4D {
  let x = convolve(p, "dec.in", rmsNorm(latents));
  x = block(p, "dec.wide2", block(p, "dec.wide1", x));
  x = unfoldTwice(linear(x, p["dec.up.w"]));
  x = block(p, "dec.narrow2", block(p, "dec.narrow1", x));
  return convolve(p, "dec.out", x) as tf.Tensor4D;
}
