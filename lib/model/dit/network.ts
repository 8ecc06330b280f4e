/**
 * The chunk-autoregressive diffusion transformer: predicts the velocity v = eps - x0 of noisy target clips, given clean
 * context clips (flow matching; WorldPlay, arXiv 2512.14614).
 *
 * Layout: B batch, C clips a row, L = 4 C latents, n tokens a latent, d = config.width.
 */
import * as tf from "@tensorflow/tfjs-core";
import { ACTION_CLASSES, CLIP_LATENTS } from "../clip.ts";
import { linear, silu } from "../nn/ops.ts";
import type { Params } from "../nn/params.ts";
import { attend, type KeyValue, ropeRotation } from "./attention.ts";
import { applyRope, finishBlock, headsOf, modulationOf } from "./block.ts";
import { cellStage, toTokens } from "./cells.ts";
import { clipTokens, type DitConfig, latentTokens } from "./config.ts";
import { SIGMA_FEATURES } from "./spec.ts";

/** Clips as the network takes them. */
export interface ClipBatch {
  /** [B * L, rows, columns, channels] */
  latents: tf.Tensor;
  /** Noise level of each latent, 0..1. [B, L] */
  sigma: tf.Tensor;
  /** Action classes, int32. [B, L] */
  actions: tf.Tensor;
  /** [B, L, 10] */
  motion: tf.Tensor;
  /** [B, L * n, 16] radians */
  angles: tf.Tensor;
  /** Of targets: the last latent before the clip, or the given first picture. [B * C, rows, columns, channels] */
  previous?: tf.Tensor;
}

/** Per block, keys and values before rotation: [B, tokens, H, 32]. */
export type RawCache = KeyValue[];

const MAX_PERIOD = 1000;

/** Sinusoidal features of sigma [B, L] -> [B, L, 64]. */
function sigmaFeatures(sigma: tf.Tensor): tf.Tensor {
  const half = SIGMA_FEATURES / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => 100 * MAX_PERIOD ** (-i / half));
  const phase = tf.mul(tf.reshape(sigma, [...sigma.shape, 1]), tf.tensor(frequencies, [1, 1, half])); // [B, L, 32]
  return tf.concat([tf.cos(phase), tf.sin(phase)], -1); // [B, L, 64]
}

/** The conditioning vector of every latent, [B, L, d]. */
function conditioning(p: Params, { sigma, actions, motion }: ClipBatch): tf.Tensor {
  const time = linear(silu(linear(sigmaFeatures(sigma), p["sigma.1"])), p["sigma.2"]);
  const discrete = linear(tf.oneHot(actions as tf.Tensor2D, ACTION_CLASSES), p["action.embedding"]);
  return silu(tf.addN([time, discrete, linear(motion, p["action.motion"])]));
}

/** [B * C, ...] -> [B * C * 4, ...]: the picture before a clip, once for each of its latents. */
function perLatent(previous: tf.Tensor): tf.Tensor {
  const [n, ...rest] = previous.shape;
  const size = rest.reduce((a, b) => a * b, 1);
  const repeated = tf.tile(tf.reshape(previous, [n, 1, size]), [1, CLIP_LATENTS, 1]); // [B * C, 4, numbers of a latent]
  return tf.reshape(repeated, [n * CLIP_LATENTS, ...rest]);
}

/**
 * Latents -> tokens [B, L * n, d] with learned places within the clip. A target's tokens also hold the last picture at
 * their place (stacked frames, as in DIAMOND, arXiv 2405.12399): copying it needs no attention.
 */
function embed(
  p: Params,
  { latent, width }: DitConfig,
  { latents, sigma }: ClipBatch,
  previous?: tf.Tensor,
): tf.Tensor {
  const [b, count] = sigma.shape as [number, number];
  const own = linear(toTokens(latents), p["in.w"]); // [B * L, tokens, d]
  const shown = previous ? tf.add(own, linear(toTokens(previous), p["in.previous"])) : own;
  const perClip = tf.reshape(shown, [(b * count) / CLIP_LATENTS, clipTokens(latent), width]); // [B * C, tokens of a clip, d]
  return tf.reshape(tf.add(perClip, p["in.place"]), [b, count * latentTokens(latent), width]);
}

/** Noise levels below this are treated as this when a picture is turned into a velocity. */
const LEAST_SIGMA = 0.05;

/** The share of x_t that is x0's for unit-variance data: (1 - sigma) / (sigma^2 + (1 - sigma)^2) (arXiv 2206.00364). */
function optimalShare(sigma: tf.Tensor): tf.Tensor {
  const rest = tf.sub(1, sigma);
  return tf.div(rest, tf.add(tf.square(sigma), tf.square(rest)));
}

/**
 * The network's output is the clean clip, and the velocity follows: v = (x_t - x0) / sigma. So noise, which nothing can
 * predict, need not pass through the residual stream (arXiv 2511.13720). What x_t itself tells of x0 skips the network.
 * @returns velocities [B * L, rows, columns, channels]
 */
function predict(p: Params, config: DitConfig, x: tf.Tensor, c: tf.Tensor, target: ClipBatch, previous: tf.Tensor) {
  const { latents, sigma } = target;
  const n = latents.shape[0];
  const perGrid = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [n, 1, 1, t.size / n]);
  const flat = tf.reshape(c, [n, config.width]); // [B * L, d]
  const tokens = tf.reshape(x, [n, latentTokens(config.latent), config.width]); // [B * L, tokens, d]
  const share = tf.add(perGrid(optimalShare(sigma)), perGrid(linear(flat, p["final.skip"])));
  const clean = tf.add(tf.mul(latents, share), cellStage(p, config, tokens, flat, latents, previous));
  return tf.div(tf.sub(latents, clean), perGrid(tf.maximum(sigma, LEAST_SIGMA)));
}

/**
 * Training: context and targets of whole windows at once.
 * @param mask [B, 1, target tokens, context tokens], 1 where a target may look
 * @returns velocities of the targets, [B * L, rows, columns, channels]
 */
export function velocityInWindow(
  p: Params,
  config: DitConfig,
  context: ClipBatch,
  targets: ClipBatch,
  mask: tf.Tensor,
): tf.Tensor {
  const size = clipTokens(config.latent);
  const previous = perLatent(targets.previous as tf.Tensor);
  const past = { c: conditioning(p, context), x: embed(p, config, context), rotation: ropeRotation(context.angles) };
  const future = {
    c: conditioning(p, targets),
    x: embed(p, config, targets, previous),
    rotation: ropeRotation(targets.angles),
  };
  for (let i = 0; i < config.depth; i++) {
    const block = `blocks.${i}`;
    const pastModulation = modulationOf(p, `${block}.modulation`, past.c, 6);
    const pastHeads = applyRope(headsOf(p, block, past.x, pastModulation), past.rotation);
    const modulation = modulationOf(p, `${block}.modulation`, future.c, 6);
    const heads = applyRope(headsOf(p, block, future.x, modulation), future.rotation);
    future.x = finishBlock(p, block, future.x, attend(heads, size, pastHeads, mask), modulation);
    if (i + 1 < config.depth) past.x = finishBlock(p, block, past.x, attend(pastHeads, size), pastModulation);
  }
  return predict(p, config, future.x, future.c, targets, previous);
}

/** Keys and values of finished clips, before rotation; B clips, each alone. */
export function encodeContext(p: Params, config: DitConfig, clips: ClipBatch): RawCache {
  let x = embed(p, config, clips);
  const c = conditioning(p, clips);
  const rotation = ropeRotation(clips.angles);
  const cache: RawCache = [];
  for (let i = 0; i < config.depth; i++) {
    const block = `blocks.${i}`;
    const modulation = modulationOf(p, `${block}.modulation`, c, 6);
    const heads = headsOf(p, block, x, modulation);
    cache.push({ k: heads.k, v: heads.v });
    if (i + 1 === config.depth) break;
    x = finishBlock(p, block, x, attend(applyRope(heads, rotation), clipTokens(config.latent)), modulation);
  }
  return cache;
}

/**
 * Sampling: one target clip per batch row against cached context.
 * @param context per block, turned keys and values [B, H, tokens, 32]; empty for a video's first clip
 * @returns velocities [B * 4, rows, columns, channels]
 */
export function velocityWithCache(p: Params, config: DitConfig, target: ClipBatch, context: KeyValue[]): tf.Tensor {
  const c = conditioning(p, target);
  const previous = perLatent(target.previous as tf.Tensor);
  let x = embed(p, config, target, previous);
  const rotation = ropeRotation(target.angles);
  for (let i = 0; i < config.depth; i++) {
    const block = `blocks.${i}`;
    const modulation = modulationOf(p, `${block}.modulation`, c, 6);
    const heads = applyRope(headsOf(p, block, x, modulation), rotation);
    x = finishBlock(p, block, x, attend(heads, clipTokens(config.latent), context[i]), modulation);
  }
  return predict(p, config, x, c, target, previous);
}
