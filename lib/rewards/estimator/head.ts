/**
 * From evidence of motion to logits. The energies of the actions are read as a probability of each action, proportional
 * to exp(-sharpness * energy), and so of each translation and rotation: the answer before anything is learnt. Learnt are
 * the sharpness and the trust in each scale, and a correction from convolutions over the grid.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear } from "../../model/nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../../model/nn/params.ts";
import { ACTIONS } from "../../world/index.ts";
import type { Features } from "./features.ts";
import { GROUP_FRAMES, GROUP_STEPS } from "./groups.ts";

export interface HeadConfig {
  /** Grid of the features, and their channels. */
  readonly grid: { readonly height: number; readonly width: number };
  readonly channels: number;
  /** Views in which the latent's actions have energies. */
  readonly views: number;
  /** Side of the first convolution's kernel, which sees the step and the latent. */
  readonly kernel: 1 | 3;
  /** Channels after the first and the second convolution, and of the dense layer. */
  readonly widths: readonly [number, number, number];
}

/** Classes of each of the two outputs: 9 translations, 9 rotations. */
export const CLASSES = 9;

/** Sharpness and trust to start with; a probability below the floor is not told from it. */
const SHARPNESS = 12;
const TRUST = 0.3;
const UNLIKELY = 1e-4;

export function headSpec({ grid, channels, views, kernel, widths }: HeadConfig): ParamSpec {
  const [first, second, dense] = widths;
  const flat = Math.ceil(grid.height / 2) * Math.ceil(grid.width / 2) * second;
  return {
    "step.w": fanIn([kernel, kernel, channels, first]),
    "latent.w": fanIn([kernel, kernel, channels, first]),
    "first.b": filled([first], 0),
    "second.w": fanIn([3, 3, first, second], Math.SQRT2),
    "second.b": filled([second], 0),
    "dense.w": fanIn([flat, dense], Math.SQRT2),
    "energy.w": fanIn([ACTIONS * (views + 1), dense]),
    sharpness: filled([views + 1, 1], SHARPNESS),
    trust: filled([views + 1, 1], TRUST),
    "dense.b": filled([dense], 0),
    "out.w": fanIn([dense, 2 * CLASSES], 0.1),
    "direct.w": filled([ACTIONS * (views + 1), 2 * CLASSES], 0),
    "out.b": filled([2 * CLASSES], 0),
  };
}

const convolve = (x: tf.Tensor, w: tf.Tensor, stride = 1): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, "same");

/** Energies [m, 81 * k] -> logarithms of what each of them makes each translation and rotation worth, [m, k, 18]. */
function logMarginals(p: Params, energies: tf.Tensor2D): tf.Tensor {
  const [m, width] = energies.shape;
  const k = width / ACTIONS;
  const sharpened = tf.mul(tf.reshape(energies, [m, k, ACTIONS]), tf.neg(p.sharpness));
  const joint = tf.reshape(tf.softmax(sharpened), [m * k, CLASSES, CLASSES]);
  const marginals = tf.concat([tf.sum(joint, 2), tf.sum(joint, 1)], 1);
  return tf.reshape(tf.log(tf.add(marginals, UNLIKELY)), [m, k, 2 * CLASSES]);
}

/** Each step's energies beside those of its latent: [n * 4, 81 * (views + 1)]. */
function besideLatent({ latent, steps }: Features): tf.Tensor2D {
  const [n, e] = latent.shape;
  const repeated = tf.tile(tf.reshape(latent, [n, 1, e]), [1, GROUP_STEPS, 1]);
  return tf.concat([tf.reshape(repeated, [n * GROUP_STEPS, e]), steps], 1) as tf.Tensor2D;
}

/** Features -> logits [n * 4, 18]: translations, then rotations. */
export function headLogits(p: Params, features: Features): tf.Tensor2D {
  const [all, h, w, c] = features.grid.shape;
  const n = all / GROUP_FRAMES;
  const grouped = tf.reshape(features.grid, [n, GROUP_FRAMES, h * w * c]);
  const steps = tf.reshape(tf.slice(grouped, [0, 0, 0], [n, GROUP_STEPS, h * w * c]), [n * GROUP_STEPS, h, w, c]);
  const latent = tf.reshape(tf.slice(grouped, [0, GROUP_STEPS, 0], [n, 1, h * w * c]), [n, h, w, c]);
  const own = tf.reshape(convolve(steps, p["step.w"]), [n, GROUP_STEPS, -1]);
  const shared = tf.reshape(tf.add(convolve(latent, p["latent.w"]), p["first.b"]), [n, 1, -1]);
  let x = tf.relu(tf.reshape(tf.add(own, shared), [n * GROUP_STEPS, h, w, -1]));
  x = tf.relu(tf.add(convolve(x, p["second.w"], 2), p["second.b"]));
  const energies = besideLatent(features);
  const trusted = tf.sum(tf.mul(logMarginals(p, energies), p.trust), 1);
  const places = linear(tf.reshape(x, [n * GROUP_STEPS, -1]), p["dense.w"], p["dense.b"]);
  x = tf.relu(tf.add(places, linear(energies, p["energy.w"])));
  const learnt = tf.add(linear(x, p["out.w"], p["out.b"]), linear(energies, p["direct.w"]));
  return tf.add(learnt, trusted) as tf.Tensor2D;
}
