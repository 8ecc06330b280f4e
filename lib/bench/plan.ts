/** The sampling work spelt out: what the network is told about every clip and its context, as tensors on the host. */
import type { HostTensor } from "../io/safetensors.ts";
import {
  type ClipCondition,
  clipCondition,
  commandedPath,
  type LatentPath,
  MOTION_FEATURES,
} from "../model/condition.ts";
import { CLIP_CELLS, CLIP_LATENTS, CLIP_TOKENS, LATENT_CELLS, TOKEN_CHANNELS } from "../model/config.ts";
import { contextOf, MEMORY_DEFAULTS, type Slot } from "../model/memory.ts";
import { cellAngles, clipAngles, PLANES } from "../model/rays.ts";
import type { SamplingWork } from "./workload.ts";

/** One clip of one video. */
interface Told {
  slots: Slot[];
  /** In the context of its own making. */
  condition: ClipCondition;
  /** Angles of the context, [slots * 60, 16]. */
  contextAngles: number[];
  /** Angles for its own keys and values, which are kept free of time: [60, 16]. */
  ownAngles: Float32Array;
}

const viewsOf = (path: readonly LatentPath[]) => path.map(({ view }) => view);

/** Follows one video's camera through all its clips. */
function follow({ starts, actions }: SamplingWork, video: number): Told[] {
  const paths: LatentPath[][] = [];
  return actions.map((perVideo, n) => {
    const from = paths.at(-1)?.at(-1)?.end ?? starts[video].pose;
    paths.push(commandedPath(from, perVideo[video], n === 0));
    const { slots, time } = contextOf(n, paths, MEMORY_DEFAULTS);
    return {
      slots,
      condition: clipCondition(paths[n], perVideo[video], time),
      contextAngles: slots.flatMap((slot) => Array.from(clipAngles(viewsOf(paths[slot.clip]), slot.time))),
      ownAngles: clipAngles(viewsOf(paths[n]), 0),
    };
  });
}

/** Equally long rows -> one tensor [rows, ...shape]. */
const rows = (values: ArrayLike<number>[], shape: number[]): HostTensor => ({
  shape: [values.length, ...shape],
  data: Float32Array.from(values.flatMap((row) => Array.from(row))),
});

/** Tensors `plan.<clip>.<name>`, one row a video. */
export function planTensors(work: SamplingWork): Record<string, HostTensor> {
  const videos = work.starts.map((_, video) => follow(work, video));
  const tensors = work.actions.map((_, n) => {
    const told = videos.map((video) => video[n]);
    const slots = told[0].slots.length;
    const named: Record<string, HostTensor> = {
      noise: rows(work.noises[n], [CLIP_TOKENS, TOKEN_CHANNELS]),
      slots: rows(
        told.map((t) => t.slots.map(({ clip }) => clip)),
        [slots],
      ),
      actions: rows(
        told.map((t) => t.condition.actions),
        [CLIP_LATENTS],
      ),
      motion: rows(
        told.map((t) => t.condition.motion),
        [CLIP_LATENTS, MOTION_FEATURES],
      ),
      angles: rows(
        told.map((t) => t.condition.angles),
        [CLIP_TOKENS, PLANES],
      ),
      cells: rows(
        told.map(({ condition: { cameras, time } }) => cellAngles(cameras, time - 1)),
        [LATENT_CELLS + CLIP_CELLS, PLANES],
      ),
      contextAngles: rows(
        told.map((t) => t.contextAngles),
        [slots * CLIP_TOKENS, PLANES],
      ),
      ownAngles: rows(
        told.map((t) => t.ownAngles),
        [CLIP_TOKENS, PLANES],
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
