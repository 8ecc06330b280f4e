/** The sampling work spelt out: what the network is told about every clip and its context, as tensors on the host. */
import * as tf from "@tensorflow/tfjs-core";
import { clipBatch, type HostClip } from "../../model/legacy/batch.ts";
import { type Codec, withCarried } from "../../model/legacy/carried.ts";
import { type ClipCondition, clipCondition, type LatentPath, MOTION_FEATURES } from "../../model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS } from "../../model/legacy/config.ts";
import {
  contextOf,
  type Look,
  looksAt,
  MEMORY_DEFAULTS,
  type Remembered,
  recall,
  rememberable,
  type Slot,
} from "../../model/legacy/memory.ts";
import { possiblePaths } from "../../model/legacy/motions.ts";
import { clipAngles, PLANES } from "../../model/legacy/rays.ts";
import { mapEntries } from "../../model/nn/params.ts";
import type { HostTensor } from "../../util/safetensors.ts";
import type { SamplingWork } from "./workload.ts";

/** One clip of one video. */
interface Told {
  slots: Slot[];
  /** In the context of its own making. */
  condition: ClipCondition;
  /** The picture before it. */
  previous: Float32Array;
  /** The pictures that are carried along. */
  looks: Look[];
  /** The picture that it recalls, where and when; of a video's first clip none. */
  remembered?: Remembered;
  /** Angles of the context, [slots * 60, 16]. */
  contextAngles: number[];
  /** As a finished clip, whose keys and values are kept free of time. */
  own: ClipCondition;
}

const viewsOf = (path: readonly LatentPath[]) => path.map(({ view }) => view);

/** What the work comes to, for models that carry pictures along: the plan then has the carried ones. */
export interface Made {
  /** Per video and clip. */
  clips: readonly (readonly Float32Array[])[];
  /** The way of the camera in each of them. */
  ways: readonly (readonly (readonly LatentPath[])[])[];
  codec: Codec;
}

/** Stands for a clip that is not made yet: otherwise a plan tells of places and times, not of contents. */
const UNKNOWN = new Float32Array(CLIP_SIZE);
const UNKNOWN_SIGMA = new Float32Array(CLIP_LATENTS);
const LAST_LATENT = CLIP_SIZE - CLIP_SIZE / CLIP_LATENTS;

/** Follows one video's camera through all its clips. */
function follow({ starts, actions }: SamplingWork, video: number, made?: Made): Told[] {
  const paths: LatentPath[][] = [];
  const tokens = (clip: number): Float32Array => made?.clips[video][clip] ?? UNKNOWN;
  return actions.map((perVideo, n) => {
    const from = paths.at(-1)?.at(-1)?.end ?? starts[video].pose;
    const possible = possiblePaths(from, perVideo[video], n === 0);
    const { slots, time } = contextOf(n, [...paths, possible[0]], MEMORY_DEFAULTS);
    const condition = clipCondition(possible[0], perVideo[video], time, possible);
    const candidates = rememberable({ slots }, paths, tokens);
    const told = {
      slots,
      condition,
      previous: n === 0 ? starts[video].latent : tokens(n - 1).subarray(LAST_LATENT),
      remembered: recall(condition.cameras[CLIP_LATENTS], candidates),
      looks:
        n === 0
          ? [{ tokens: starts[video].latent, pose: from }]
          : looksAt({ slots }, paths, tokens, condition.cameras[CLIP_LATENTS]),
      contextAngles: slots.flatMap((slot) => Array.from(clipAngles(viewsOf(paths[slot.clip]), slot.time))),
    };
    paths.push([...(made?.ways[video][n] ?? possible[0])]);
    return { ...told, own: clipCondition(paths[n], perVideo[video], 0) };
  });
}

/** The number in its video of the latent that is recalled; times within the context tell the clip. */
function recalledLatent({ slots, remembered }: Told): number {
  const time = (remembered as Remembered).time;
  const slot = slots.find((s) => s.time <= time && time < s.time + CLIP_LATENTS) as Slot;
  return slot.clip * CLIP_LATENTS + time - slot.time;
}

/** Equally long rows -> one tensor [rows, ...shape]. */
const rows = (values: ArrayLike<number>[], shape: number[]): HostTensor => ({
  shape: [values.length, ...shape],
  data: Float32Array.from(values.flatMap((row) => Array.from(row))),
});

/** Whole numbers become floats. */
export const onHost = (t: tf.Tensor): HostTensor => ({ shape: t.shape, data: Float32Array.from(t.dataSync()) });

/** One clip of every video, as the network is given it when sampling begins; the pictures themselves are left out. */
function targetTensors(
  told: readonly Told[],
  noises: readonly Float32Array[],
  made?: Made,
): Record<string, HostTensor> {
  const clips = told.map(({ condition, previous, remembered, looks }, i): HostClip => {
    return { tokens: noises[i], sigma: UNKNOWN_SIGMA, condition, previous, remembered, looks };
  });
  const batch = clipBatch(made ? withCarried(clips, made.codec) : clips, 1);
  const { tokens: noise, sigma: _, previous: __, remembered: ___, ...rest } = batch;
  const tensors = mapEntries({ noise, ...rest } as Record<string, tf.Tensor>, onHost);
  tf.dispose(Object.values(batch));
  return tensors;
}

/** Tensors `plan.<clip>.<name>`, one row a video. */
export function planTensors(work: SamplingWork, made?: Made): Record<string, HostTensor> {
  const videos = work.starts.map((_, video) => follow(work, video, made));
  const tensors = work.actions.map((_, n) => {
    const told = videos.map((video) => video[n]);
    const slots = told[0].slots.length;
    const named: Record<string, HostTensor> = {
      ...targetTensors(told, work.noises[n], made),
      slots: rows(
        told.map((t) => t.slots.map(({ clip }) => clip)),
        [slots],
      ),
      ...(slots > 0 ? { recalled: { shape: [told.length], data: Float32Array.from(told, recalledLatent) } } : {}),
      contextAngles: rows(
        told.map((t) => t.contextAngles),
        [slots * CLIP_TOKENS, PLANES],
      ),
      ownAngles: rows(
        told.map((t) => t.own.angles),
        [CLIP_TOKENS, PLANES],
      ),
      ownMotion: rows(
        told.map((t) => t.own.motion),
        [CLIP_LATENTS, MOTION_FEATURES],
      ),
    };
    return Object.entries(named).map(([name, tensor]) => [`plan.${n}.${name}`, tensor] as const);
  });
  return Object.fromEntries(tensors.flat());
}

/** How many clips each clip of a plan sees. */
export const contextSizes = (plan: Record<string, HostTensor>): number[] =>
  Object.entries(plan)
    .filter(([name]) => name.endsWith(".slots"))
    .map(([, { shape }]) => shape[1]);
