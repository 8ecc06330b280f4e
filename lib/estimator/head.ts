/**
 * From evidence of motion to logits. The energies of the actions are read as a probability of each action, proportional
 * to exp(-sharpness * energy), and so of each translation and rotation: the answer before anything is learnt. Learnt are
 * the sharpness and the trust in each scale, and a correction from convolutions over the grid.
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear } from "../nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../nn/params.ts";
import { ACTIONS } from "../world/index.ts";
import { GROUP_FRAMES, GROUP_STEPS } from "./groups.ts";
import type { Features } from "./kinds.ts";

export interface HeadConfig {
  /** Grid of the features, and their channels. */
  readonly grid: { readonly height: number; readonly width: number };
  readonly channels: number;
  /** Scales at which the actions have energies. */
  readonly energies: number;
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

export function headSpec({ grid, channels, energies, kernel, widths }: HeadConfig): ParamSpec {
  const [first, second, dense] = widths;
  const flat = Math.ceil(grid.height / 2) * Math.ceil(grid.width / 2) * second;
  return {
    "step.w": fanIn([kernel, kernel, channels, first]),
    "latent.w": fanIn([kernel, kernel, channels, first]),
    "first.b": filled([first], 0),
    "second.w": fanIn([3, 3, first, second], Math.SQRT2),
    "second.b": filled([second], 0),
    "dense.w": fanIn([flat, dense], Math.SQRT2),
    "energy.w": fanIn([2 * ACTIONS * energies, dense]),
    sharpness: filled([energies, 1], SHARPNESS),
    trust: filled([2 * energies, 1], TRUST),
    "dense.b": filled([dense], 0),
    "out.w": fanIn([dense, 2 * CLASSES], 0.1),
    "direct.w": filled([2 * ACTIONS * energies, 2 * CLASSES], 0),
    "out.b": filled([2 * CLASSES], 0),
  };
}

const convolve = (x: tf.Tensor, w: tf.Tensor, stride = 1): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, "same");

/** Energies [m, 81 * scales] -> logarithms of what they make each translation and rotation worth, [m, 18 * scales]. */
function logMarginals(p: Params, energies: tf.Tensor2D): tf.Tensor2D {
  const [m, width] = energies.shape;
  const scales = width / ACTIONS;
  const sharpened = tf.mul(tf.reshape(energies, [m, scales, ACTIONS]), tf.neg(p.sharpness));
  const joint = tf.reshape(tf.softmax(sharpened), [m * scales, CLASSES, CLASSES]);
  const marginals = tf.concat([tf.sum(joint, 2), tf.sum(joint, 1)], 1);
  return tf.reshape(tf.log(tf.add(marginals, UNLIKELY)), [m, scales * 2 * CLASSES]);
}

/** Each step's evidence beside that of its latent: [n * 5, e] -> [n * 4, 2 e]. */
function besideLatent(energies: tf.Tensor2D): tf.Tensor2D {
  const [all, e] = energies.shape;
  const n = all / GROUP_FRAMES;
  const grouped = tf.reshape(energies, [n, GROUP_FRAMES, e]);
  const steps = tf.slice(grouped, [0, 0, 0], [n, GROUP_STEPS, e]);
  const latent = tf.tile(tf.slice(grouped, [0, GROUP_STEPS, 0], [n, 1, e]), [1, GROUP_STEPS, 1]);
  return tf.reshape(tf.concat([steps, latent], 2), [n * GROUP_STEPS, 2 * e]);
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
  const energies = besideLatent(features.energies);
  const marginals = besideLatent(logMarginals(p, features.energies));
  const trusted = tf.sum(tf.mul(tf.reshape(marginals, [n * GROUP_STEPS, -1, 2 * CLASSES]), p.trust), 1);
  const places = linear(tf.reshape(x, [n * GROUP_STEPS, -1]), p["dense.w"], p["dense.b"]);
  x = tf.relu(tf.add(places, linear(energies, p["energy.w"])));
  const learnt = tf.add(linear(x, p["out.w"], p["out.b"]), linear(energies, p["direct.w"]));
  return tf.add(learnt, trusted) as tf.Tensor2D;
}
