/**
 * The tokeniser's loss: mean absolute error, twice the mean squared error, and the mean absolute error of differences
 * between neighbouring pixels and frames, so that edges and their motion weigh as much as flat colour; and a small term
 * that keeps the latents' mean square at 1.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear } from "../../model/nn/ops.ts";
import type { Params } from "../../model/nn/params.ts";
import { FOLDED_CHANNELS, TOKENISER } from "../../model/tokeniser/config.ts";
import { decode, encode } from "../../model/tokeniser/network.ts";

const { fold, temporal } = TOKENISER;

/** [192, K] matrix whose columns take one channel minus its neighbour in x, y or time within a folded cell. */
function differenceMatrix(): tf.Tensor2D {
  const channel = (f: number, dy: number, dx: number, c: number): number => ((f * fold + dy) * fold + dx) * 3 + c;
  const pairs: [number, number][] = [];
  for (let f = 0; f < temporal; f++)
    for (let dy = 0; dy < fold; dy++)
      for (let dx = 0; dx < fold; dx++)
        for (let c = 0; c < 3; c++) {
          const here = channel(f, dy, dx, c);
          if (dx + 1 < fold) pairs.push([here, channel(f, dy, dx + 1, c)]);
          if (dy + 1 < fold) pairs.push([here, channel(f, dy + 1, dx, c)]);
          if (f + 1 < temporal) pairs.push([here, channel(f + 1, dy, dx, c)]);
        }
  const values = new Float32Array(FOLDED_CHANNELS * pairs.length);
  pairs.forEach(([a, b], k) => {
    values[a * pairs.length + k] = 1;
    values[b * pairs.length + k] = -1;
  });
  return tf.tensor2d(values, [FOLDED_CHANNELS, pairs.length]);
}

export interface TokeniserLossConfig {
  /** Standard deviation of the noise on latents while training: makes the decoder forgive small latent errors. */
  latentNoise: number;
  /** Weight of the difference term. */
  differenceWeight: number;
}

/** Keeps the mean square of the latents at 1. */
const SPREAD_WEIGHT = 0.1;

export const TOKENISER_LOSS: TokeniserLossConfig = { latentNoise: 0.05, differenceWeight: 1 };

/** A loss function that owns its difference matrix. `noise` is standard normal, [n, 6, 10, 32]. */
export function tokeniserLoss(config: TokeniserLossConfig = TOKENISER_LOSS) {
  const differences = tf.keep(differenceMatrix());
  return (p: Params, groups: tf.Tensor, noise: tf.Tensor): tf.Scalar => {
    const clean = encode(p, groups);
    const latents = tf.add(clean, tf.mul(noise, config.latentNoise));
    const spread = tf.square(tf.sub(tf.mean(tf.square(clean)), 1));
    const error = tf.sub(decode(p, latents), groups);
    const pixels = tf.add(tf.mean(tf.abs(error)), tf.mul(tf.mean(tf.square(error)), 2));
    const edges = tf.mean(tf.abs(linear(error, differences)));
    return tf.addN([pixels, tf.mul(edges, config.differenceWeight), tf.mul(spread, SPREAD_WEIGHT)]) as tf.Scalar;
  };
}
