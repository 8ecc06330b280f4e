/** Clips on the host, gathered into the tensors that the network takes. */
import * as tf from "@tensorflow/tfjs-core";
import { joinFloats } from "../../util/arrays.ts";
import { CLIP_LATENTS } from "../clip.ts";
import type { CameraTrajectory } from "../context.ts";
import { CONTEXT_SIGMA, clipSize, type DitConfig, latentSize, latentTokens } from "./config.ts";
import { MOTION_FEATURES, motionFeatures } from "./motion.ts";
import type { ClipBatch } from "./network.ts";
import { PLANES, rayAngles } from "./rays.ts";

/** One clip and what it is conditioned on. */
export interface HostClip {
  /** [4, rows, columns, channels] */
  latents: Float32Array;
  /** Noise level of each latent. */
  sigma: ArrayLike<number>;
  /** Four action classes. */
  actions: ArrayLike<number>;
  path: CameraTrajectory;
  /** Temporal index of the first latent. */
  time: number;
  /** Of targets: the last latent before the clip, or the given first picture. [rows, columns, channels] */
  previous?: Float32Array;
}

/** Noise levels of a clip of the context. */
export const CONTEXT_SIGMAS: Float32Array = new Float32Array(CLIP_LATENTS).fill(CONTEXT_SIGMA);

/**
 * @param clips of B rows, the clips of a row together
 * @param perRow clips of a row
 * @returns tensors that the caller disposes
 */
export function clipBatch(clips: readonly HostClip[], perRow: number, config: DitConfig): ClipBatch {
  const [b, latents] = [clips.length / perRow, perRow * CLIP_LATENTS];
  const { rows, columns, channels } = config.latent;
  const grid = [rows, columns, channels];
  const angles = clips.map(({ path, time }) =>
    rayAngles(
      path.map(({ view }) => view),
      time,
      config,
    ),
  );
  const motion = clips.map(({ path }) => motionFeatures(path, config.step));
  const actions = Int32Array.from(clips.flatMap((clip) => Array.from(clip.actions)));
  const previous = clips.flatMap((clip) => (clip.previous ? [clip.previous] : []));
  return {
    latents: tf.tensor(joinFloats(clips.map((clip) => clip.latents)), [b * latents, ...grid]),
    sigma: tf.tensor(
      clips.flatMap(({ sigma }) => Array.from(sigma)),
      [b, latents],
    ),
    actions: tf.tensor(actions, [b, latents], "int32"),
    motion: tf.tensor(joinFloats(motion), [b, latents, MOTION_FEATURES]),
    angles: tf.tensor(joinFloats(angles), [b, latents * latentTokens(config.latent), PLANES]),
    ...(previous.length > 0 ? { previous: tf.tensor(joinFloats(previous), [clips.length, ...grid]) } : {}),
  };
}

export const disposeClips = (batch: ClipBatch): void => tf.dispose(Object.values(batch));

/** x_t = (1 - sigma) x0 + sigma eps with a noise level per latent. */
export function addNoise(x0: Float32Array, eps: Float32Array, sigma: ArrayLike<number>): Float32Array {
  const perLatent = x0.length / CLIP_LATENTS;
  return x0.map((x, i) => {
    const s = sigma[Math.floor(i / perLatent)];
    return (1 - s) * x + s * eps[i];
  });
}

/** The last latent of a clip. */
export const lastLatent = (clip: Float32Array, { latent }: DitConfig): Float32Array =>
  clip.subarray(clipSize(latent) - latentSize(latent));
