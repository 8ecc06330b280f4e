/**
 * Ranking with uncertainty (HPSv3, arXiv 2508.03789): scores are Gaussian, and the better picture should win,
 * loss = -log E[sigmoid(s_better - s_worse)].
 */
import * as tf from "@tensorflow/tfjs-core";
import type { GaussianScore } from "../../rewards/preference/network.ts";

/** Gauss-Hermite quadrature for a standard normal: exact for polynomials up to degree 9. */
const NODES = [-2.8569700138728056, -1.355626179974266, 0, 1.355626179974266, 2.8569700138728056];
const WEIGHTS = [
  0.011257411327720689, 0.2220759220056126, 0.5333333333333333, 0.2220759220056126, 0.011257411327720689,
];

/** E[sigmoid(x)] for x ~ N(mean, variance), by quadrature; [n] in and out. */
export function expectedSigmoid(mean: tf.Tensor, variance: tf.Tensor): tf.Tensor {
  const deviation = tf.sqrt(variance);
  const terms = NODES.map((node, i) => tf.mul(tf.sigmoid(tf.add(mean, tf.mul(deviation, node))), WEIGHTS[i]));
  return tf.addN(terms);
}

/**
 * Mean over pairs.
 * @param penalty weight of the mean squared score: pairs that are easy to order would drive scores apart without end,
 *   and a reward with such a range counts nothing but the worst (our addition)
 */
export function rankingLoss(better: GaussianScore, worse: GaussianScore, penalty = 0): tf.Scalar {
  const win = expectedSigmoid(tf.sub(better.mean, worse.mean), tf.add(better.variance, worse.variance));
  const ranking = tf.neg(tf.mean(tf.log(tf.maximum(win, 1e-6))));
  const size = tf.mean(tf.add(tf.square(better.mean), tf.square(worse.mean)));
  return tf.add(ranking, tf.mul(size, penalty)) as tf.Scalar;
}
