/**
 * Which of its possible motions a clip shows. Its noisy latents are compared with what each motion would make of the known
 * pictures (carried.ts); command and evidence together weigh the motions, and their weighted mean is where the prediction
 * of the clean clip starts. For carried pictures that were exact this is the optimal denoiser: the mean of the posterior
 * over motions. So the clip decides for one motion early and as a whole, where a network alone predicts, and then shows,
 * a blend of all.
 *
 * Symbols: sigma noise level, h_k clip of motion k, rho error of the right h_k in the latents' unit variance.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear } from "../nn/ops.ts";
import type { Params } from "../nn/params.ts";
import { CELL_CHANNELS, CLIP_CELLS, CLIP_LATENTS, LATENT_CELLS, LATENT_TOKENS, TOKEN_CHANNELS } from "./config.ts";
import type { ClipBatch } from "./dit.ts";

/** rho of each latent of a clip: measured on held-out scenes, from the true last picture under the true motion. */
const CARRIED_ERRORS = [0.12, 0.22, 0.31, 0.38];

/** N = B * C targets. */
export interface Decision {
  /** Weight of every motion, [N, K]. */
  weights: tf.Tensor;
  /** The clip to be expected, [N, 4, 15, 128]. */
  expected: tf.Tensor;
  /** How much of it pictures show, by cell: [N, 240]. */
  known: tf.Tensor;
}

const carriedErrors = (): tf.Tensor => tf.tensor(CARRIED_ERRORS, [1, CLIP_LATENTS, 1]);

/**
 * Log-likelihood of the noisy clip under each motion, over the cells that all of them know, [N, K].
 * x_t - (1 - sigma) h_k has variance sigma^2 + (1 - sigma)^2 rho where k is right.
 */
function evidence({ tokens, sigma, carried, known }: ClipBatch): tf.Tensor {
  const [n, motions] = (carried as tf.Tensor).shape;
  const level = tf.reshape(sigma, [n, CLIP_LATENTS, 1]);
  const rest = tf.sub(1, level);
  const noisy = tf.reshape(tokens, [n, 1, CLIP_LATENTS, LATENT_TOKENS * TOKEN_CHANNELS]);
  const errors = tf.squaredDifference(noisy, tf.mul(carried as tf.Tensor, tf.reshape(rest, [n, 1, CLIP_LATENTS, 1])));
  const perCell = tf.sum(tf.reshape(errors, [n, motions as number, CLIP_LATENTS, LATENT_CELLS, CELL_CHANNELS]), -1);
  const shared = tf.reshape(tf.min(known as tf.Tensor, 1), [n, 1, CLIP_LATENTS, LATENT_CELLS]);
  const variance = tf.add(tf.square(level), tf.mul(tf.square(rest), carriedErrors()));
  const perLatent = tf.div(tf.sum(tf.mul(perCell, shared), -1), tf.reshape(variance, [n, 1, CLIP_LATENTS]));
  return tf.mul(tf.sum(perLatent, -1), -0.5);
}

/** Weighted mean over the motions: weights [N, K], values [N, K, ...] -> [N, size of the rest]. */
function weigh(weights: tf.Tensor, values: tf.Tensor): tf.Tensor {
  const [n, motions] = weights.shape;
  const mean = tf.matMul(
    tf.reshape(weights, [n, 1, motions as number]),
    tf.reshape(values, [n, motions as number, -1]),
  );
  return tf.reshape(mean, [n, -1]);
}

/** @param c conditioning vectors of the targets, [B, C * 4, width]; with a steady prior, those of the highest noise level */
export function decide(p: Params, c: tf.Tensor, target: ClipBatch): Decision {
  const n = (target.carried as tf.Tensor).shape[0];
  const perClip = tf.mean(tf.reshape(c, [n, CLIP_LATENTS, -1]), 1);
  const prior = tf.add(linear(perClip, p["decision.prior.w"]), p["decision.prior.b"]);
  const weights = tf.softmax(tf.add(prior, tf.mul(evidence(target), p["decision.trust"])));
  const expected = tf.reshape(weigh(weights, target.carried as tf.Tensor), [
    n,
    CLIP_LATENTS,
    LATENT_TOKENS,
    TOKEN_CHANNELS,
  ]);
  return { weights, expected, known: tf.reshape(weigh(weights, target.known as tf.Tensor), [n, CLIP_CELLS]) };
}

/** What the motion is expected to be, as features of every latent: [B, C * 4, 8]. */
export function expectedMotion({ weights }: Decision, { motion, possibleMotion }: ClipBatch): tf.Tensor {
  return tf.reshape(weigh(weights, possibleMotion as tf.Tensor), motion.shape);
}

/**
 * The clean clip, where the expected one has error rho: expected + gain (x_t - (1 - sigma) expected),
 * gain = (1 - sigma) rho / (sigma^2 + (1 - sigma)^2 rho).
 * @param doubt what the network makes of rho, as log of its ratio to the measured mean: ground is carried better than solids
 * @returns [N, 4, 15, 128]
 */
export function posteriorMean({ expected }: Decision, { tokens, sigma }: ClipBatch, doubt: tf.Tensor): tf.Tensor {
  const perLatent = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, CLIP_LATENTS, 1, 1]);
  const level = perLatent(sigma);
  const rest = tf.sub(1, level);
  const share = tf.mul(tf.mul(rest, perLatent(carriedErrors())), tf.exp(tf.reshape(doubt, expected.shape)));
  const gain = tf.div(share, tf.add(tf.square(level), tf.mul(rest, share)));
  const surprise = tf.sub(tf.reshape(tokens, expected.shape), tf.mul(expected, rest));
  return tf.add(expected, tf.mul(surprise, gain));
}
