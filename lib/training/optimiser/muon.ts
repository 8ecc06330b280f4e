/**
 * Muon (Jordan et al. 2024): momentum whose matrix is replaced by its nearest semi-orthogonal one, found by five
 * Newton-Schulz iterations; scaled by 0.2 sqrt(max(rows, columns)) so that it shares AdamW's learning rate (Liu et al.
 * 2025, arXiv 2502.16982).
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../model/nn/params.ts";

export interface MuonConfig {
  momentum: number;
  /** Decoupled weight decay per unit of learning rate. */
  weightDecay: number;
}

export const MUON_DEFAULTS: MuonConfig = { momentum: 0.95, weightDecay: 0 };

const [A, B, C] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;

/** The semi-orthogonal matrix near `g` [r, c]: singular values land in about [0.7, 1.2]. */
export function orthogonalise(g: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const tall = g.shape[0] > g.shape[1];
    let x = (tall ? tf.transpose(g) : g) as tf.Tensor2D;
    x = tf.div(x, tf.add(tf.norm(x), 1e-7));
    for (let i = 0; i < ITERATIONS; i++) {
      const gram = tf.matMul(x, x, false, true);
      const poly = tf.add(tf.mul(gram, B), tf.mul(tf.matMul(gram, gram), C)) as tf.Tensor2D;
      x = tf.add(tf.mul(x, A), tf.matMul(poly, x));
    }
    return (tall ? tf.transpose(x) : x) as tf.Tensor2D;
  });
}

export const muonInit = (param: tf.Tensor): Params => ({ momentum: tf.zerosLike(param) });

/** One Nesterov step for one matrix. */
export function muonStep(
  param: tf.Tensor,
  grad: tf.Tensor,
  state: Params,
  lr: tf.Scalar,
  config: MuonConfig = MUON_DEFAULTS,
): { param: tf.Tensor; state: Params } {
  const momentum = tf.add(tf.mul(state.momentum, config.momentum), grad);
  const ahead = tf.add(grad, tf.mul(momentum, config.momentum)) as tf.Tensor2D;
  const scale = 0.2 * Math.sqrt(Math.max(...ahead.shape));
  const kept = tf.sub(1, tf.mul(lr, config.weightDecay));
  const moved = tf.sub(tf.mul(param, kept), tf.mul(orthogonalise(ahead), tf.mul(lr, scale)));
  return { param: moved, state: { momentum } };
}
