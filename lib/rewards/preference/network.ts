/**
 * The preference model: a small convolutional network that looks at a frame and at the video's first frame, with the
 * same weights, and scores the frame as a Gaussian (HPSv3, arXiv 2508.03789). The first frame says what colours and
 * textures this world has, so that a drift towards prettier ones is seen.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, rmsNorm } from "../../model/nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../../model/nn/params.ts";

/** Channels at half, a quarter and an eighth of the resolution. */
const WIDTHS = [24, 48, 96] as const;
const HIDDEN = 96;
/** Mean and spread of every channel over the picture, at a quarter and an eighth. */
const STATISTICS = 2 * (WIDTHS[1] + WIDTHS[2]);

const conv = (name: string, input: number, output: number): ParamSpec => ({
  [`${name}.w`]: fanIn([3, 3, input, output], Math.SQRT2),
  [`${name}.b`]: filled([output], 0),
});

export const PREFERENCE_SPEC: ParamSpec = {
  ...conv("half", 3, WIDTHS[0]),
  ...conv("quarter", WIDTHS[0], WIDTHS[1]),
  ...conv("fine", WIDTHS[1], WIDTHS[1]),
  ...conv("eighth", WIDTHS[1], WIDTHS[2]),
  ...conv("coarse", WIDTHS[2], WIDTHS[2]),
  "head.1": fanIn([3 * STATISTICS, HIDDEN], Math.SQRT2),
  "head.1b": filled([HIDDEN], 0),
  "head.2": fanIn([HIDDEN, 2], 0.1),
};

const convolve = (p: Params, name: string, x: tf.Tensor, stride: number): tf.Tensor =>
  tf.add(tf.conv2d(x as tf.Tensor4D, p[`${name}.w`] as tf.Tensor4D, stride, "same"), p[`${name}.b`]);

/** [n, h, w, c] -> [n, 2 c] */
function statistics(x: tf.Tensor): tf.Tensor {
  const centre = tf.mean(x, [1, 2], true);
  const spread = tf.sqrt(tf.add(tf.mean(tf.square(tf.sub(x, centre)), [1, 2]), 1e-4));
  return tf.concat([tf.squeeze(centre, [1, 2]), spread], 1);
}

/** What is kept of pictures [n, height, width, 3] in -1..1: [n, STATISTICS]. */
export function describePictures(p: Params, pictures: tf.Tensor): tf.Tensor {
  const half = tf.relu(convolve(p, "half", pictures, 2));
  const quarter = tf.relu(convolve(p, "quarter", half, 2));
  const fine = tf.add(quarter, tf.relu(convolve(p, "fine", rmsNorm(quarter), 1)));
  const eighth = tf.relu(convolve(p, "eighth", fine, 2));
  const coarse = tf.add(eighth, tf.relu(convolve(p, "coarse", rmsNorm(eighth), 1)));
  return tf.concat([statistics(fine), statistics(coarse)], 1);
}

export interface GaussianScore {
  /** [n] */
  mean: tf.Tensor;
  /** [n] */
  variance: tf.Tensor;
}

/** Scores pictures by their description and that of their video's first frame, [n, STATISTICS] each. */
export function scoreDescriptions(p: Params, pictures: tf.Tensor, firsts: tf.Tensor): GaussianScore {
  const seen = tf.concat([pictures, firsts, tf.abs(tf.sub(pictures, firsts))], 1);
  const hidden = tf.relu(tf.add(linear(seen, p["head.1"]), p["head.1b"]));
  const [mean, logVariance] = tf.split(linear(hidden, p["head.2"]), 2, 1);
  return { mean: tf.squeeze(mean, [1]), variance: tf.exp(tf.clipByValue(tf.squeeze(logVariance, [1]), -6, 4)) };
}
