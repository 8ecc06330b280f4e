/** The flow-matching loss of a batch of windows: mean squared error of the velocity over the latents that count. */
import * as tf from "@tensorflow/tfjs-core";
import { clipBatch } from "../../model/legacy/batch.ts";
import { type Codec, withCarried } from "../../model/legacy/carried.ts";
import {
  CLIP_LATENTS,
  CLIP_TOKENS,
  LATENT_TOKENS,
  type ModelConfig,
  TOKEN_CHANNELS,
} from "../../model/legacy/config.ts";
import { type ClipBatch, velocityInWindow } from "../../model/legacy/dit.ts";
import type { Params } from "../../model/nn/params.ts";
import { CONTEXT_SLOTS, TARGET_SLOTS, type Window } from "./window.ts";

export interface WindowBatch {
  context: ClipBatch;
  targets: ClipBatch;
  /** [B, T * 60, 128] */
  velocities: tf.Tensor;
  /** [B, T, M] of 0 and 1. */
  mask: tf.Tensor;
  /** [B, T * 4] of 0 and 1. */
  weights: tf.Tensor;
}

/** Windows to tensors; the caller disposes them. @param codec for models that carry pictures along */
export function windowBatch(windows: readonly Window[], codec?: Codec): WindowBatch {
  const b = windows.length;
  const targets = windows.flatMap((w) => w.targets);
  const velocities = new Float32Array(b * TARGET_SLOTS * CLIP_TOKENS * TOKEN_CHANNELS);
  windows
    .flatMap((w) => w.velocities)
    .forEach((v, i) => {
      velocities.set(v, i * v.length);
    });
  return {
    context: clipBatch(
      windows.flatMap((w) => w.context),
      CONTEXT_SLOTS,
    ),
    targets: clipBatch(codec ? withCarried(targets, codec) : targets, TARGET_SLOTS),
    velocities: tf.tensor(velocities, [b, TARGET_SLOTS * CLIP_TOKENS, TOKEN_CHANNELS]),
    mask: tf.tensor(
      windows.flatMap((w) => w.mask.flat()),
      [b, TARGET_SLOTS, CONTEXT_SLOTS],
    ),
    weights: tf.tensor(
      windows.flatMap((w) => w.weights.flat()),
      [b, TARGET_SLOTS * CLIP_LATENTS],
    ),
  };
}

/** Which clips a target sees [B, T, M] -> which tokens, [B, 1, T * 60, M * 60]. */
export function tokenMask(mask: tf.Tensor): tf.Tensor {
  const [b, t, m] = mask.shape;
  const columns = tf.reshape(tf.tile(tf.reshape(mask, [b * t, m, 1]), [1, 1, CLIP_TOKENS]), [
    b * t,
    1,
    m * CLIP_TOKENS,
  ]);
  return tf.reshape(tf.tile(columns, [1, CLIP_TOKENS, 1]), [b, 1, t * CLIP_TOKENS, m * CLIP_TOKENS]);
}

/** @returns scalar mean squared error per number, about 2 for an untrained model */
export function windowLoss(p: Params, config: ModelConfig, batch: WindowBatch): tf.Scalar {
  const predicted = velocityInWindow(p, config, batch.context, batch.targets, tokenMask(batch.mask));
  const [b, latents] = batch.weights.shape;
  const squared = tf.reshape(tf.squaredDifference(predicted, batch.velocities), [
    b,
    latents,
    LATENT_TOKENS * TOKEN_CHANNELS,
  ]);
  const perLatent = tf.mul(tf.mean(squared, -1), batch.weights);
  return tf.div(tf.sum(perLatent), tf.sum(batch.weights)) as tf.Scalar;
}
