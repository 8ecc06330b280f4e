/**
 * Reconstituted context memory (WorldPlay): the first clip, the older clip whose view overlaps most with the target's,
 * and the three clips before the target; 20 latents. Temporal reframing gives them consecutive indices.
 */
import type { Pose } from "../../world/camera.ts";
import { FOCAL, HEIGHT, WIDTH } from "../../world/config.ts";
import type { LatentPath } from "./condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, RECENT_CLIPS } from "./config.ts";

export interface MemoryOptions {
  /**
   * Retrieve an older clip by its field of view, and of the context's latents the picture to look at in detail; models
   * that carry pictures along take from it what the last one does not show. Without retrieval the last one counts alone.
   */
  retrieval: boolean;
  /** Give context and target consecutive temporal indices; otherwise their true ones. */
  reframing: boolean;
}

export const MEMORY_DEFAULTS: MemoryOptions = { retrieval: true, reframing: true };

/** A clip of the context: which one, and the temporal index of its first latent. */
export interface Slot {
  clip: number;
  time: number;
}

export interface Context {
  slots: Slot[];
  /** Temporal index of the target's first latent. */
  time: number;
}

/** A single latent of an earlier clip: a picture, where its camera stood, and its temporal index. */
export interface Remembered {
  /** [15, 128] */
  tokens: Float32Array;
  view: Pose;
  /** The camera at its last frame. */
  end: Pose;
  time: number;
}

/** Points in front of a camera, as distance and azimuth, that stand for what it sees. */
const DISTANCES = [0.8, 1.6, 2.8, 4.5];
const HALF_ANGLE = Math.atan(WIDTH / 2 / FOCAL);
const AZIMUTHS = [-0.9, -0.6, -0.3, 0, 0.3, 0.6, 0.9].map((a) => a * HALF_ANGLE);
const REACH = 6;
const HALF_TALL = Math.atan(HEIGHT / 2 / FOCAL);

const wrap = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));

/** Share of the points seen from `a` that lie in `b`'s field of view and reach: 0..1. */
export function viewOverlap(a: Pose, b: Pose): number {
  let seen = 0;
  for (const distance of DISTANCES)
    for (const azimuth of AZIMUTHS) {
      const dx = a.x + distance * Math.sin(a.yaw + azimuth) - b.x;
      const dz = a.z + distance * Math.cos(a.yaw + azimuth) - b.z;
      const inView = Math.abs(wrap(Math.atan2(dx, dz) - b.yaw)) < HALF_ANGLE;
      if (inView && Math.hypot(dx, dz) < REACH && Math.abs(a.pitch - b.pitch) < HALF_TALL) seen++;
    }
  return seen / (DISTANCES.length * AZIMUTHS.length);
}

/** Of `candidates` the clip whose best view overlaps most with the target's last view; undefined if there is none. */
export function retrieve(
  target: readonly LatentPath[],
  paths: readonly (readonly LatentPath[])[],
  candidates: number[],
) {
  const goal = target[target.length - 1].view;
  const score = (clip: number): number => Math.max(...paths[clip].map(({ view }) => viewOverlap(goal, view)));
  return candidates.reduce<number | undefined>(
    (best, clip) => (best === undefined || score(clip) > score(best) ? clip : best),
    undefined,
  );
}

/**
 * The picture to remember in detail: of `candidates` the one whose view overlaps most with the target's last view; of
 * equals the nearest, of those the oldest, which has had the least time to drift. Undefined if there is none.
 */
export function recall<T extends { view: Pose }>(goal: Pose, candidates: readonly T[]): T | undefined {
  const nearness = ({ view }: T): number => -Math.hypot(view.x - goal.x, view.z - goal.z);
  const better = (a: T, b: T): boolean => {
    const [overlapA, overlapB] = [viewOverlap(goal, a.view), viewOverlap(goal, b.view)];
    return overlapA > overlapB || (overlapA === overlapB && nearness(a) > nearness(b));
  };
  return candidates.reduce<T | undefined>(
    (best, candidate) => (best === undefined || better(candidate, best) ? candidate : best),
    undefined,
  );
}

/**
 * Latents of the context's clips, all but the very last one before the target, which the target has anyway.
 * @param tokens of clip number `clip`, [60, 128]
 */
export function rememberable(
  { slots }: Pick<Context, "slots">,
  paths: readonly (readonly LatentPath[])[],
  tokens: (clip: number) => Float32Array,
): Remembered[] {
  const size = CLIP_SIZE / CLIP_LATENTS;
  const all = slots.flatMap(({ clip, time }) =>
    paths[clip].map(({ view, end }, latent): Remembered => {
      return { tokens: tokens(clip).subarray(latent * size, (latent + 1) * size), view, end, time: time + latent };
    }),
  );
  return all.slice(0, -1);
}

/** A latent's last picture, and where it was taken. */
export interface Look {
  /** [15, 128] */
  tokens: Float32Array;
  pose: Pose;
}

/**
 * The pictures of the context that are carried along, oldest first: the one given at the start of the video, the last of
 * that clip which overlaps most with `goal`, and the last of all.
 */
export function looksAt(
  { slots }: Pick<Context, "slots">,
  paths: readonly (readonly LatentPath[])[],
  tokens: (clip: number) => Float32Array,
  goal: Pose,
): Look[] {
  const size = CLIP_SIZE / CLIP_LATENTS;
  const clips = slots.map(({ clip }) => clip).sort((a, b) => a - b);
  const ends = clips.map((clip) => {
    const { view, end } = paths[clip][CLIP_LATENTS - 1];
    return { tokens: tokens(clip).subarray(CLIP_SIZE - size), pose: end, view };
  });
  const given = clips[0] === 0 ? [{ tokens: tokens(0).subarray(0, size), pose: paths[0][0].end }] : [];
  const between = recall(goal, ends.slice(0, -1));
  return [...given, ...(between ? [between] : []), ...ends.slice(-1)].map(({ tokens: own, pose }) => ({
    tokens: own,
    pose,
  }));
}

/**
 * The context of clip `n`.
 * @param paths of clips 0..n: the finished ones and the target's commanded path
 */
export function contextOf(n: number, paths: readonly (readonly LatentPath[])[], options: MemoryOptions): Context {
  const recent = range(Math.max(0, n - RECENT_CLIPS), n);
  const older = range(1, n - RECENT_CLIPS);
  const retrieved = options.retrieval ? retrieve(paths[n], paths, older) : undefined;
  const first = n > RECENT_CLIPS ? [0] : [];
  const clips = [...first, ...(retrieved === undefined ? [] : [retrieved]), ...recent];
  const time = (clip: number, slot: number): number => CLIP_LATENTS * (options.reframing ? slot : clip);
  return { slots: clips.map((clip, slot) => ({ clip, time: time(clip, slot) })), time: time(n, clips.length) };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
