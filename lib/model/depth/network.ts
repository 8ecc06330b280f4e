/**
 * How far everything in a picture is, and how far up the camera looks, from the picture alone: convolutions on cells of
 * 4 x 4 pixels around a stage on cells of 8 x 8, which sees the whole picture. It knows no place but what it is trained on.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, rmsNorm } from "../nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../nn/params.ts";
import { COARSE, type DepthConfig, FOLD } from "./config.ts";

const PIXELS = FOLD * FOLD;
/** What the network says before it has learnt anything, in steps of translation. */
const TYPICAL_DEPTH = 40;

const conv = (name: string, input: number, output: number, gain: number): ParamSpec => ({
  [`${name}.w`]: fanIn([3, 3, input, output], gain),
  [`${name}.b`]: filled([output], 0),
});

const block = (name: string, width: number): ParamSpec => ({
  ...conv(`${name}.1`, width, width, Math.SQRT2),
  ...conv(`${name}.2`, width, width, 0.1),
});

export function depthSpec({ camera, width, coarseBlocks }: DepthConfig): ParamSpec {
  const [rows, columns] = [camera.height / COARSE, camera.width / COARSE];
  return {
    ...conv("in", 3 * PIXELS, width, 1),
    ...block("before", width),
    ...conv("down", width, width, 1),
    place: { shape: [rows, columns, width], std: 0.3 },
    ...Object.assign({}, ...Array.from({ length: coarseBlocks }, (_, i) => block(`coarse.${i}`, width))),
    "up.w": fanIn([width, 4 * width]),
    ...block("after", width),
    "out.w": fanIn([width, PIXELS], 0.1),
    "out.b": filled([PIXELS], 0),
    "pitch.w": fanIn([rows * width, 1], 0.1),
    "pitch.b": filled([1], 0),
  };
}

/** [n, rows, columns, c] -> [n, rows / by, columns / by, by * by * c] */
export function fold(x: tf.Tensor, by: number): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const cut = tf.reshape(x, [n * (h / by), by, w / by, by * c]); // [n * rows / by, by, columns / by, by * c]
  return tf.reshape(tf.transpose(cut, [0, 2, 1, 3]), [n, h / by, w / by, by * by * c]);
}

/** The inverse of `fold`. */
export function unfold(x: tf.Tensor, by: number): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const cut = tf.reshape(x, [n * h, w, by, c / by]); // [n * rows, columns, by, c / by]
  return tf.reshape(tf.transpose(cut, [0, 2, 1, 3]), [n, h * by, w * by, c / (by * by)]);
}

const convolve = (p: Params, name: string, x: tf.Tensor, stride = 1): tf.Tensor =>
  tf.add(tf.conv2d(x as tf.Tensor4D, p[`${name}.w`] as tf.Tensor4D, stride, "same"), p[`${name}.b`]);

const residual = (p: Params, name: string, x: tf.Tensor): tf.Tensor =>
  tf.add(x, convolve(p, `${name}.2`, tf.relu(convolve(p, `${name}.1`, rmsNorm(x)))));

export interface Geometry {
  /** Logarithm of the depth along the forward axis in steps of translation, [n, height, width]. */
  readonly logDepths: tf.Tensor;
  /** Pitch of the camera in its steps, [n]. */
  readonly pitches: tf.Tensor;
}

/** @param pictures [n, height, width, 3], 0..1 */
export function predictGeometry(p: Params, { coarseBlocks }: DepthConfig, pictures: tf.Tensor): Geometry {
  const [n, height, width] = pictures.shape;
  const fine = residual(p, "before", convolve(p, "in", fold(tf.sub(tf.mul(pictures, 2), 1), FOLD)));
  let coarse: tf.Tensor = tf.add(convolve(p, "down", rmsNorm(fine), 2), p.place);
  for (let i = 0; i < coarseBlocks; i++) coarse = residual(p, `coarse.${i}`, coarse);
  const features = rmsNorm(coarse); // [n, rows, columns, width]
  const context = unfold(linear(features, p["up.w"]), 2);
  const x = rmsNorm(residual(p, "after", tf.add(fine, context)));
  const logs = unfold(linear(x, p["out.w"], p["out.b"]), FOLD); // [n, height, width, 1]
  const rows = tf.reshape(tf.mean(features, 2), [n, -1]); // [n, rows * width]
  return {
    logDepths: tf.add(tf.reshape(logs, [n, height, width]), Math.log(TYPICAL_DEPTH)),
    pitches: tf.reshape(tf.mul(linear(rows, p["pitch.w"], p["pitch.b"]), 10), [n]),
  };
}
