/**
 * The chunk-autoregressive diffusion transformer: predicts the velocity v = eps - x0 of noisy target clips, given clean
 * context clips (flow matching; WorldPlay, arXiv 2512.14614).
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, silu } from "../nn/ops.ts";
import type { Params } from "../nn/params.ts";
import { attend, type KeyValue, type Rotation, rotationOf } from "./attention.ts";
import { clipsOf, finishBlock, headsOf, modulate, modulationOf, turnHeads } from "./block.ts";
import {
  ACTION_CLASSES,
  CLIP_LATENTS,
  CLIP_TOKENS,
  LATENT_TOKENS,
  type ModelConfig,
  PATCH,
  TOKEN_CHANNELS,
} from "./config.ts";
import { type Decision, decide, expectedMotion, posteriorMean } from "./decision.ts";
import { type Detail, detailOf } from "./detail.ts";
import { SIGMA_FEATURES } from "./spec.ts";

/** A batch of clips and what is known of them. B batch, C clips. */
export interface ClipBatch {
  /** [B, C * 60, 128] */
  tokens: tf.Tensor;
  /** Noise level of each latent, 0..1. [B, C * 4] */
  sigma: tf.Tensor;
  /** Action classes, int32. [B, C * 4] */
  actions: tf.Tensor;
  /** [B, C * 4, 8] */
  motion: tf.Tensor;
  /** [B, C * 60, 16] radians */
  angles: tf.Tensor;
  /** Targets only: the last latent before the clip, or the given first picture. [B, C * 15, 128] */
  previous?: tf.Tensor;
  /** Targets only: an older picture of much the same view. [B, C * 15, 128] */
  remembered?: tf.Tensor;
  /** Targets only: places of single cells, of the picture before each clip, the remembered one and the clip. [B * C, 360, 16] radians */
  cells?: tf.Tensor;
  /** Targets of models that carry pictures along only: the clip as each of K motions would show it, [B * C, K, 4, 1920], */
  carried?: tf.Tensor;
  /** how much of every cell pictures show then, [B * C, K, 240], */
  known?: tf.Tensor;
  /** and the motions' features. [B * C, K, 4, 8] */
  possibleMotion?: tf.Tensor;
}

/** Per block, keys and values before rotation: [B, tokens, H, 32]. */
export type RawCache = KeyValue[];

const MAX_PERIOD = 1000;

/** Sinusoidal features of sigma [B, n] -> [B, n, 64]. */
function sigmaFeatures(sigma: tf.Tensor): tf.Tensor {
  const half = SIGMA_FEATURES / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => 100 * MAX_PERIOD ** (-i / half));
  const phase = tf.mul(tf.reshape(sigma, [...sigma.shape, 1]), tf.tensor(frequencies, [1, 1, half]));
  return tf.concat([tf.cos(phase), tf.sin(phase)], -1);
}

/** The conditioning vector of every latent, [B, C * 4, d], before its nonlinearity. */
function commandVector(p: Params, { sigma, actions, motion }: ClipBatch): tf.Tensor {
  const time = linear(silu(linear(sigmaFeatures(sigma), p["sigma.1"])), p["sigma.2"]);
  const discrete = linear(tf.oneHot(actions as tf.Tensor2D, ACTION_CLASSES), p["action.embedding"]);
  return tf.addN([time, discrete, linear(motion, p["action.motion"])]);
}

/** What a stream of clips is conditioned on, [B, C * 4, d], and what its targets have decided. */
interface Conditioning {
  c: tf.Tensor;
  decision?: Decision;
}

function conditioning(p: Params, { steadyPrior }: ModelConfig, clips: ClipBatch): Conditioning {
  const command = commandVector(p, clips);
  if (!clips.carried) return { c: silu(command) };
  const believed = steadyPrior ? commandVector(p, { ...clips, sigma: tf.onesLike(clips.sigma) }) : command;
  const decision = decide(p, silu(believed), clips);
  return { c: silu(tf.add(command, linear(expectedMotion(decision, clips), p["action.decided"]))), decision };
}

/**
 * Tokens [B, C * 60, 128] -> [B, C * 60, d] with learned places within the clip. A target's tokens also hold the last
 * picture at their place (stacked frames, as in DIAMOND, arXiv 2405.12399): copying it needs no attention. And they hold
 * what the decided motion carries to their place.
 */
function embed(p: Params, { tokens, previous }: ClipBatch, width: number, decision?: Decision): tf.Tensor {
  const [b, n] = tokens.shape;
  const clips = clipsOf(n as number);
  const perClip = tf.add(tf.reshape(linear(tokens, p["in.w"]), [b, clips, CLIP_TOKENS, width]), p["in.place"]);
  if (!previous) return tf.reshape(perClip, [b, n as number, width]);
  const last = tf.reshape(linear(previous, p["in.previous"]), [b * clips, 1, LATENT_TOKENS, width]);
  const byLatent = tf.reshape(perClip, [b * clips, CLIP_LATENTS, LATENT_TOKENS, width]);
  const shown = tf.reshape(tf.add(byLatent, last), [b, n as number, width]);
  if (!decision) return shown;
  const known = tf.reshape(decision.known, [b, n as number, PATCH * PATCH]);
  const expected = tf.reshape(decision.expected, tokens.shape);
  return tf.addN([shown, linear(expected, p["in.expected"]), linear(known, p["in.known"])]);
}

/** Noise levels below this are treated as this when a picture is turned into a velocity. */
const LEAST_SIGMA = 0.05;

/** [B, latents, n] -> [B, latents, 1, n], to meet every token of a latent. */
const perLatent = (x: tf.Tensor): tf.Tensor =>
  tf.reshape(x, [x.shape[0], x.shape[1] as number, 1, x.size / (x.shape[0] * (x.shape[1] as number))]);

/**
 * The network's output is the clean clip, and the velocity follows: v = (x_t - x0) / sigma. So noise, which nothing can
 * predict and which fills all 128 numbers of a token, need not pass through the residual stream (arXiv 2511.13720). What
 * x_t itself tells of x0 skips the network: the optimal share (preconditioning, arXiv 2206.00364) beside the decided
 * motion, or for unit-variance data, (1 - sigma) / (sigma^2 + (1 - sigma)^2), plus a learned one for every channel.
 */
function predict(
  p: Params,
  config: ModelConfig,
  x: tf.Tensor,
  { c, decision }: Conditioning,
  target: ClipBatch,
): tf.Tensor {
  const { tokens, sigma } = target;
  const [shift, scale] = modulationOf(p, "final.modulation", c, 2);
  const [b, latents] = sigma.shape;
  const byLatent = [b, latents as number, LATENT_TOKENS, TOKEN_CHANNELS];
  const last = modulate(x, shift, scale);
  const parts: Detail[] = [
    { picture: linear(last, p["final.out"]), doubt: decision && linear(last, p["final.doubt"]) },
  ];
  if (config.detailDepth > 0) parts.push(detailOf(p, config, x, c, target, decision));
  const noisy = tf.reshape(tokens, byLatent);
  const start = decision
    ? tf.reshape(posteriorMean(decision, target, tf.addN(parts.map(({ doubt }) => doubt as tf.Tensor))), byLatent)
    : tf.mul(noisy, perLatent(optimalShare(sigma)));
  const learned = tf.mul(noisy, perLatent(linear(c, p["final.skip"])));
  const clean = tf.addN([start, learned, ...parts.map(({ picture }) => tf.reshape(picture, byLatent))]);
  return tf.reshape(tf.div(tf.sub(noisy, clean), perLatent(tf.maximum(sigma, LEAST_SIGMA))), tokens.shape);
}

function optimalShare(sigma: tf.Tensor): tf.Tensor {
  const rest = tf.sub(1, sigma);
  return tf.div(rest, tf.add(tf.square(sigma), tf.square(rest)));
}

/**
 * Training: context and targets of whole windows at once.
 * @param mask [B, 1, target tokens, context tokens], 1 where a target may look
 * @returns velocities of the targets, [B, T * 60, 128]
 */
export function velocityInWindow(
  p: Params,
  config: ModelConfig,
  context: ClipBatch,
  targets: ClipBatch,
  mask: tf.Tensor,
): tf.Tensor {
  const streams = [context, targets].map((batch) => {
    const condition = conditioning(p, config, batch);
    return { x: embed(p, batch, config.width, condition.decision), ...condition, rotation: rotationOf(batch.angles) };
  });
  const [past, future] = streams;
  for (let i = 0; i < config.depth; i++) {
    const block = `blocks.${i}`;
    const pastModulation = modulationOf(p, `${block}.modulation`, past.c, 6);
    const pastHeads = turnHeads(headsOf(p, block, past.x, pastModulation), past.rotation);
    const modulation = modulationOf(p, `${block}.modulation`, future.c, 6);
    const heads = turnHeads(headsOf(p, block, future.x, modulation), future.rotation);
    future.x = finishBlock(p, block, future.x, attend(heads, pastHeads, mask), modulation);
    if (i + 1 < config.depth) past.x = finishBlock(p, block, past.x, attend(pastHeads), pastModulation);
  }
  return predict(p, config, future.x, future, targets);
}

/** Keys and values of finished clips, before rotation; B clips, each alone ([B, 60, 128] tokens). */
export function encodeContext(p: Params, config: ModelConfig, clips: ClipBatch): RawCache {
  let x = embed(p, clips, config.width);
  const { c } = conditioning(p, config, clips);
  const rotation = rotationOf(clips.angles);
  const cache: RawCache = [];
  for (let i = 0; i < config.depth; i++) {
    const block = `blocks.${i}`;
    const modulation = modulationOf(p, `${block}.modulation`, c, 6);
    const heads = headsOf(p, block, x, modulation);
    cache.push({ k: heads.k, v: heads.v });
    if (i + 1 < config.depth) x = finishBlock(p, block, x, attend(turnHeads(heads, rotation)), modulation);
  }
  return cache;
}

/**
 * Sampling: one target clip per batch row against cached context.
 * @param context per block, turned keys and values [B, H, tokens, 32]; empty for a video's first clip
 * @returns velocities [B, 60, 128]
 */
export function velocityWithCache(p: Params, config: ModelConfig, target: ClipBatch, context: KeyValue[]): tf.Tensor {
  const condition = conditioning(p, config, target);
  const { c } = condition;
  let x = embed(p, target, config.width, condition.decision);
  const rotation: Rotation = rotationOf(target.angles);
  for (let i = 0; i < config.depth; i++) {
    const block = `blocks.${i}`;
    const modulation = modulationOf(p, `${block}.modulation`, c, 6);
    const heads = turnHeads(headsOf(p, block, x, modulation), rotation);
    x = finishBlock(p, block, x, attend(heads, context[i]), modulation);
  }
  return predict(p, config, x, condition, target);
}
