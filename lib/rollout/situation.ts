/** What the model is shown when it makes, or is trained on, one clip of one video. */
import * as tf from "@tensorflow/tfjs-core";
import { type KeyValue, rotate, rotationOf, swapHeads } from "../model/legacy/attention.ts";
import { clipBatch, type HostClip } from "../model/legacy/batch.ts";
import { type ClipCondition, clipCondition, commandedPath, type LatentPath } from "../model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS, CONTEXT_SIGMA, type ModelConfig } from "../model/legacy/config.ts";
import { type ClipBatch, encodeContext } from "../model/legacy/dit.ts";
import {
  contextOf,
  type Look,
  looksAt,
  MEMORY_DEFAULTS,
  type Remembered,
  recall,
  rememberable,
} from "../model/legacy/memory.ts";
import { possiblePaths } from "../model/legacy/motions.ts";
import { clipAngles, PLANES } from "../model/legacy/rays.ts";
import type { Start } from "../model/legacy/worldModel.ts";
import type { Params } from "../model/nn/params.ts";
import { joinFloats } from "../util/arrays.ts";
import type { Pose } from "../world/index.ts";

export interface Situation {
  /** The clips that the target sees, in order. */
  readonly context: readonly HostClip[];
  /** Where and when they are in the target's context. [slots * 60, 16] radians */
  readonly contextAngles: Float32Array;
  /** The camera before the target, and the scale of its steps. */
  readonly pose: Pose;
  readonly speed: number;
  /** Temporal index of the target's first latent. */
  readonly time: number;
  /** The last latent before the target, or the given first picture: tokens [15, 128]. */
  readonly previous: Float32Array;
  /** The older pictures of which one is remembered in detail, depending on where the target is sent. */
  readonly memories: readonly Remembered[];
  /** The pictures that are carried along to a target that ends there; see `looksAt`. */
  readonly looks: (goal: Pose) => readonly Look[];
  /** Is the target a video's first clip, whose first latent is given? */
  readonly first: boolean;
}

const LAST_LATENT = CLIP_SIZE - CLIP_SIZE / CLIP_LATENTS;
const CONTEXT_SIGMAS = new Float32Array(CLIP_LATENTS).fill(CONTEXT_SIGMA);

/**
 * The situation of clip n = clips.length.
 * @param actions four of each clip, the target's included
 * @param clips the finished clips, tokens [60, 128]
 * @param ways of the camera in the finished clips
 */
export function situationOf(
  start: Start,
  actions: readonly ArrayLike<number>[],
  clips: readonly Float32Array[],
  ways: readonly (readonly LatentPath[])[],
): Situation {
  const before = ways[clips.length - 1]?.at(-1)?.end ?? start.pose;
  const commanded = commandedPath(before, actions[clips.length], clips.length === 0, start.speed);
  const paths = [...ways.slice(0, clips.length), commanded];
  const { slots, time } = contextOf(clips.length, paths, MEMORY_DEFAULTS);
  const context = slots.map(({ clip }): HostClip => {
    return { tokens: clips[clip], sigma: CONTEXT_SIGMAS, condition: clipCondition(paths[clip], actions[clip], 0) };
  });
  const viewsOf = (path: readonly LatentPath[]): Pose[] => path.map(({ view }) => view);
  const angles = slots.map((slot) => clipAngles(viewsOf(paths[slot.clip]), slot.time));
  const previous = clips.length === 0 ? start.latent : clips[clips.length - 1].subarray(LAST_LATENT);
  const memories = rememberable({ slots }, paths, (clip) => clips[clip]);
  const { speed = 1 } = start;
  const first = clips.length === 0;
  const looks = (goal: Pose): Look[] =>
    first ? [{ tokens: previous, pose: before }] : looksAt({ slots }, ways, (clip) => clips[clip], goal);
  return { context, contextAngles: joinFloats(angles), pose: before, speed, time, previous, memories, looks, first };
}

/** What the model is told when the target is to carry out `actions`. */
export function conditionIn({ pose, speed, time, first }: Situation, actions: ArrayLike<number>): ClipCondition {
  const possible = possiblePaths(pose, actions, first, speed);
  return clipCondition(possible[0], actions, time, possible);
}

/**
 * What a target under this condition is shown beside it: the picture before it, and those that it remembers.
 * @param forgets the last picture alone, as without retrieval (memory.ts)
 */
export function picturesIn(
  { previous, memories, looks }: Situation,
  { cameras }: ClipCondition,
  forgets = false,
): { previous: Float32Array; remembered?: Remembered; looks: readonly Look[] } {
  const all = looks(cameras[CLIP_LATENTS]);
  if (forgets) return { previous, looks: all.slice(-1) };
  return { previous, looks: all, remembered: recall(cameras[CLIP_LATENTS], memories) };
}

/** Contexts of equally many clips each, as tensors. */
export interface ContextTensors {
  /** [contexts * slots, 60, ...], each clip alone. */
  clips: ClipBatch;
  /** [contexts, slots * 60, 16] */
  angles: tf.Tensor;
}

/** @returns tensors that the caller disposes; none where there is no context (a video's first clip) */
export function contextTensors(situations: readonly Situation[]): ContextTensors[] {
  const slots = situations[0].context.length;
  if (slots === 0) return [];
  const clips = clipBatch(
    situations.flatMap(({ context }) => context),
    1,
  );
  const angles = joinFloats(situations.map(({ contextAngles }) => contextAngles));
  return [{ clips, angles: tf.tensor(angles, [situations.length, slots * CLIP_TOKENS, PLANES]) }];
}

/**
 * Keys, turned to their places, and values of contexts; one context for each row of a batch.
 * @param rowOf the context of each row, int32 [R]
 * @returns per block [R, H, slots * 60, 32]; empty without context
 */
export function contextKeys(p: Params, config: ModelConfig, contexts: ContextTensors[], rowOf: tf.Tensor): KeyValue[] {
  if (contexts.length === 0) return [];
  const [{ clips, angles }] = contexts;
  const rotation = rotationOf(angles);
  const [b, tokens] = angles.shape;
  const joinSlots = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [b, tokens as number, ...x.shape.slice(2)]);
  const rowsOf = (x: tf.Tensor): tf.Tensor => tf.gather(swapHeads(x), rowOf as tf.Tensor1D);
  return encodeContext(p, config, clips).map(({ k, v }) => ({
    k: rowsOf(rotate(joinSlots(k), rotation)),
    v: rowsOf(joinSlots(v)),
  }));
}
