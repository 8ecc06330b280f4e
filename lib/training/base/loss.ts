/** The flow-matching loss of a batch of windows: mean squared error of the velocity over the latents that count. */
import * as tf from "@tensorflow/tfjs-core";
import { CLIP_LATENTS } from "../../model/clip.ts";
import { clipBatch, disposeClips } from "../../model/dit/batch.ts";
import { clipTokens, type DitConfig } from "../../model/dit/config.ts";
import { type ClipBatch, velocityInWindow } from "../../model/dit/network.ts";
import type { Params } from "../../model/nn/params.ts";
import { joinFloats } from "../../util/arrays.ts";
import { TARGET_SLOTS, type Window } from "./window.ts";

export interface WindowBatch {
  context: ClipBatch;
  targets: ClipBatch;
  /** Like the targets' latents. */
  velocities: tf.Tensor;
  /** [B, T, M] of 0 and 1. */
  mask: tf.Tensor;
  /** [B, T * 4] of 0 and 1. */
  weights: tf.Tensor;
}

/** Windows to tensors; the caller disposes them with `disposeWindows`. */
export function windowBatch(windows: readonly Window[], config: DitConfig): WindowBatch {
  const b = windows.length;
  const slots = windows[0].context.length;
  const clipsOf = (part: "context" | "targets", perRow: number): ClipBatch =>
    clipBatch(
      windows.flatMap((window) => window[part]),
      perRow,
      config,
    );
  const targets = clipsOf("targets", TARGET_SLOTS);
  return {
    context: clipsOf("context", slots),
    targets,
    velocities: tf.tensor(joinFloats(windows.flatMap(({ velocities }) => velocities)), targets.latents.shape),
    mask: tf.tensor(
      windows.flatMap(({ mask }) => mask.flat()),
      [b, TARGET_SLOTS, slots],
    ),
    weights: tf.tensor(
      windows.flatMap(({ weights }) => weights.flat()),
      [b, TARGET_SLOTS * CLIP_LATENTS],
    ),
  };
}

export function disposeWindows({ context, targets, ...rest }: WindowBatch): void {
  disposeClips(context);
  disposeClips(targets);
  tf.dispose(Object.values(rest));
}

/** Which clips a target sees [B, T, M] -> which tokens, [B, 1, T * n, M * n]. */
export function tokenMask(mask: tf.Tensor, tokens: number): tf.Tensor {
  const [b, t, m] = mask.shape as [number, number, number];
  const columns = tf.tile(tf.reshape(mask, [b * t, m, 1]), [1, 1, tokens]); // [b t, m, n]
  const rows = tf.tile(tf.reshape(columns, [b * t, 1, m * tokens]), [1, tokens, 1]); // [b t, n, m n]
  return tf.reshape(rows, [b, 1, t * tokens, m * tokens]); // [B, 1, T n, M n]
}

/** @returns scalar mean squared error per number, about 2 for an untrained model */
export function windowLoss(p: Params, config: DitConfig, batch: WindowBatch): tf.Scalar {
  const mask = tokenMask(batch.mask, clipTokens(config.latent));
  const predicted = velocityInWindow(p, config, batch.context, batch.targets, mask);
  const [b, latents] = batch.weights.shape as [number, number];
  const squared = tf.reshape(tf.squaredDifference(predicted, batch.velocities), [b, latents, -1]); // [B, latents, numbers of a latent]
  const perLatent = tf.mul(tf.mean(squared, -1), batch.weights); // [B, latents]
  return tf.div(tf.sum(perLatent), tf.sum(batch.weights)) as tf.Scalar;
}
