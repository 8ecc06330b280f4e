/** Clips on the host, gathered into the tensors that the network takes. */
import * as tf from "@tensorflow/tfjs-core";
import { joinFloats } from "../../util/arrays.ts";
import type { Carried } from "./carried.ts";
import { type ClipCondition, MOTION_FEATURES } from "./condition.ts";
import {
  CLIP_CELLS,
  CLIP_LATENTS,
  CLIP_SIZE,
  CLIP_TOKENS,
  LATENT_CELLS,
  LATENT_TOKENS,
  TOKEN_CHANNELS,
} from "./config.ts";
import type { ClipBatch } from "./dit.ts";
import type { Look, Remembered } from "./memory.ts";
import { cellAngles, PLANES } from "./rays.ts";

/** One clip: its tokens [60, 128], the noise level of each of its latents, and its condition. */
export interface HostClip {
  tokens: Float32Array;
  sigma: ArrayLike<number>;
  condition: ClipCondition;
  /** Of targets: the last latent before the clip, or the given first picture, [15, 128]. */
  previous?: Float32Array;
  /** Of targets: an older picture that shows much of the same view; without one the previous picture counts twice. */
  remembered?: Remembered;
  /** Of targets: the pictures that are carried along, oldest first; the last is `previous`. */
  looks?: readonly Look[];
  /** Of targets of models that use it: what each possible motion makes of both pictures. */
  carried?: Carried;
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

/** What only targets have: the two pictures they look at in detail, and the places of single cells. */
function targetTensors(
  clips: readonly HostClip[],
  b: number,
  perRow: number,
): Pick<ClipBatch, "previous" | "remembered" | "cells" | "carried" | "known" | "possibleMotion"> {
  const previous = clips.flatMap((c) => (c.previous ? [c.previous] : []));
  if (previous.length === 0) return {};
  const remembered = clips.map(({ remembered: own }, i) => own?.tokens ?? previous[i]);
  const pictures = (parts: Float32Array[]): tf.Tensor =>
    tf.tensor(join(parts), [b, perRow * LATENT_TOKENS, TOKEN_CHANNELS]);
  const carried = clips.flatMap((c) => (c.carried ? [c.carried] : []));
  return {
    ...(carried.length > 0 ? carriedTensors(clips, carried) : {}),
    previous: pictures(previous),
    remembered: pictures(remembered),
    cells: tf.tensor(join(clips.map(cellPlaces)), [clips.length, TARGET_CELLS, PLANES]),
  };
}

function carriedTensors(clips: readonly HostClip[], carried: readonly Carried[]) {
  const n = clips.length;
  const motions = clips[0].condition.possible.length;
  const joined = (parts: Float32Array[], shape: number[]): tf.Tensor =>
    tf.tensor(joinFloats(parts), [n, motions, ...shape]);
  return {
    carried: joined(
      carried.map(({ tokens }) => tokens),
      [CLIP_LATENTS, CLIP_SIZE / CLIP_LATENTS],
    ),
    known: joined(
      carried.map(({ known }) => known),
      [CLIP_CELLS],
    ),
    possibleMotion: joined(
      clips.map(({ condition }) => condition.possibleMotion),
      [CLIP_LATENTS, MOTION_FEATURES],
    ),
  };
}

/** Cells of the previous picture, of the remembered one, and of the clip itself. */
const TARGET_CELLS = (2 + CLIP_LATENTS) * LATENT_CELLS;

function cellPlaces({ condition: { cameras, time }, remembered }: HostClip): Float32Array {
  const [before, ...own] = cameras;
  const { view, time: when } = remembered ?? { view: before, time: time - 1 };
  return joinFloats([cellAngles([before], time - 1), cellAngles([view], when), cellAngles(own, time)]);
}

/** x_t = (1 - sigma) x0 + sigma eps with a noise level per latent. */
export function addNoise(x0: Float32Array, eps: Float32Array, sigma: ArrayLike<number>): Float32Array {
  const perLatent = CLIP_SIZE / CLIP_LATENTS;
  return x0.map((x, i) => {
    const s = sigma[Math.floor(i / perLatent)];
    return (1 - s) * x + s * eps[i];
  });
}
