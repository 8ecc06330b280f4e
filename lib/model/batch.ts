/** Clips on the host, gathered into the tensors that the network takes. */
import * as tf from "@tensorflow/tfjs-core";
import { type ClipCondition, MOTION_FEATURES } from "./condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS, LATENT_CELLS, LATENT_TOKENS, TOKEN_CHANNELS } from "./config.ts";
import type { ClipBatch } from "./dit.ts";
import { cellAngles, PLANES } from "./rays.ts";

/** One clip: its tokens [60, 128], the noise level of each of its latents, and its condition. */
export interface HostClip {
  tokens: Float32Array;
  sigma: ArrayLike<number>;
  condition: ClipCondition;
  /** Of targets: the last latent before the clip, or the given first picture, [15, 128]. */
  previous?: Float32Array;
}

/** Joins arrays of equal length. */
function join(parts: ArrayLike<number>[]): Float32Array {
  const size = parts[0].length;
  const out = new Float32Array(parts.length * size);
  parts.forEach((part, i) => {
    out.set(part, i * size);
  });
  return out;
}

/**
 * @param clips B * C clips, the C clips of a batch row together
 * @returns tensors that the caller disposes
 */
export function clipBatch(clips: readonly HostClip[], perRow: number): ClipBatch {
  const b = clips.length / perRow;
  const conditions = clips.map((clip) => clip.condition);
  const actions = Int32Array.from(join(conditions.map((c) => c.actions)));
  return {
    ...targetTensors(clips, b, perRow),
    tokens: tf.tensor(join(clips.map((c) => c.tokens)), [b, perRow * CLIP_TOKENS, TOKEN_CHANNELS]),
    sigma: tf.tensor(join(clips.map((c) => c.sigma)), [b, perRow * CLIP_LATENTS]),
    actions: tf.tensor(actions, [b, perRow * CLIP_LATENTS], "int32"),
    motion: tf.tensor(join(conditions.map((c) => c.motion)), [b, perRow * CLIP_LATENTS, MOTION_FEATURES]),
    angles: tf.tensor(join(conditions.map((c) => c.angles)), [b, perRow * CLIP_TOKENS, PLANES]),
  };
}

/** What only targets have: the picture before them, and the places of single cells, that picture's first. */
function targetTensors(clips: readonly HostClip[], b: number, perRow: number): Pick<ClipBatch, "previous" | "cells"> {
  const previous = clips.flatMap((c) => (c.previous ? [c.previous] : []));
  if (previous.length === 0) return {};
  const cells = clips.map(({ condition: { cameras, time } }) => cellAngles(cameras, time - 1));
  return {
    previous: tf.tensor(join(previous), [b, perRow * LATENT_TOKENS, TOKEN_CHANNELS]),
    cells: tf.tensor(join(cells), [clips.length, (1 + CLIP_LATENTS) * LATENT_CELLS, PLANES]),
  };
}

/** x_t = (1 - sigma) x0 + sigma eps with a noise level per latent. */
export function addNoise(x0: Float32Array, eps: Float32Array, sigma: ArrayLike<number>): Float32Array {
  const perLatent = CLIP_SIZE / CLIP_LATENTS;
  return x0.map((x, i) => {
    const s = sigma[Math.floor(i / perLatent)];
    return (1 - s) * x + s * eps[i];
  });
}
