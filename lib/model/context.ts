/**
 * What a clip is conditioned on, for generation, reinforcement learning, pre-training and benchmarks alike: the actions,
 * the camera's motion through each latent, and which earlier clips it may look at (reconstituted context memory of
 * WorldPlay, arXiv 2512.14614: the first clip, the older one whose view overlaps most, the most recent ones; temporal
 * reframing gives them consecutive indices).
 */
import type { Pose } from "../world/camera.ts";
import { FRAMES_PER_LATENT } from "../world/config.ts";
import { latentPoses } from "../world/motion.ts";
import type { CameraModel, StepSizes } from "../world/world.ts";
import { CLIP_LATENTS } from "./clip.ts";

/** The camera's way through one latent: before its first frame, at its third frame, and at its last. */
export interface CameraSegment {
  readonly start: Pose;
  readonly view: Pose;
  readonly end: Pose;
}

/** The four of a clip. */
export type CameraTrajectory = readonly CameraSegment[];

export interface MemoryOptions {
  /** Look at an older clip, chosen by its field of view. */
  readonly retrieval: boolean;
  /** Look at what is remembered around the eye, as a clip of its own, instead of an older clip. Default: no. */
  readonly recall?: boolean;
  /** Give context and target consecutive temporal indices; otherwise their true ones. */
  readonly reframing: boolean;
}

export const MEMORY_DEFAULTS: MemoryOptions = { retrieval: true, reframing: true };

/** Clips directly before the target that it looks at. */
export const RECENT_CLIPS = 3;

/** Frames before the view within a latent. */
const VIEW_FRAME = 3;

/** The path through latent `latent` of a video whose camera is known at every frame. */
export function cameraSegment(poses: readonly Pose[], latent: number): CameraSegment {
  const last = FRAMES_PER_LATENT * latent;
  if (latent === 0) return { start: poses[0], view: poses[0], end: poses[0] };
  return { start: poses[last - FRAMES_PER_LATENT], view: poses[last - 1], end: poses[last] };
}

/**
 * The path that a clip's actions command from `start`.
 * @param first is this a video's first clip, whose first latent is the given picture?
 */
export function commandedTrajectory(
  start: Pose,
  actions: ArrayLike<number>,
  step: StepSizes,
  { first = false, scale = 1 } = {},
): CameraTrajectory {
  let pose = start;
  return Array.from(actions, (action, i) => {
    const from = pose;
    if (first && i === 0) return { start: from, view: from, end: from };
    const poses = latentPoses(from, action, step, scale);
    pose = poses[FRAMES_PER_LATENT - 1];
    return { start: from, view: poses[VIEW_FRAME - 1], end: pose };
  });
}

/** A clip of the context: which one, and the temporal index of its first latent. What is recalled has the target's number. */
export interface Slot {
  readonly clip: number;
  readonly time: number;
}

export interface Context {
  readonly slots: readonly Slot[];
  /** Temporal index of the target's first latent. */
  readonly time: number;
}

/**
 * The context of clip `n`.
 * @param paths of clips 0..n: the finished ones and the target's
 */
export function contextOf(
  n: number,
  paths: readonly CameraTrajectory[],
  camera: CameraModel,
  step: StepSizes,
  options = MEMORY_DEFAULTS,
): Context {
  const recent = range(Math.max(0, n - RECENT_CLIPS), n);
  const older = remembered(n, paths, camera, step, options);
  const clips = [...(n > RECENT_CLIPS ? [0] : []), ...(older === undefined ? [] : [older]), ...recent];
  const time = (clip: number, slot: number): number => CLIP_LATENTS * (options.reframing ? slot : clip);
  return { slots: clips.map((clip, slot) => ({ clip, time: time(clip, slot) })), time: time(n, clips.length) };
}

/** The clip beside the first and the recent ones, if there is one: what is recalled, or an older clip. */
function remembered(
  n: number,
  paths: readonly CameraTrajectory[],
  camera: CameraModel,
  step: StepSizes,
  { recall, retrieval }: MemoryOptions,
): number | undefined {
  if (recall) return n > 0 ? n : undefined;
  return retrieval ? retrieve(paths[n], paths, range(1, n - RECENT_CLIPS), camera, step) : undefined;
}

/** Of `candidates` the clip whose best view overlaps most with the target's last view; undefined if there is none. */
export function retrieve(
  target: CameraTrajectory,
  paths: readonly CameraTrajectory[],
  candidates: readonly number[],
  camera: CameraModel,
  step: StepSizes,
): number | undefined {
  const wanted = target[target.length - 1].view;
  const overlap = (clip: number): number =>
    Math.max(...paths[clip].map(({ view }) => viewOverlap(wanted, view, camera, step)));
  let [best, most] = [undefined as number | undefined, -1];
  for (const clip of candidates) {
    const share = overlap(clip);
    if (share > most) [best, most] = [clip, share];
  }
  return best;
}

/** Points in front of a camera that stand for what it sees: distances in steps of translation, and shares of half the field of view. */
const DISTANCES = [8, 16, 28, 45];
const AZIMUTHS = [-0.9, -0.6, -0.3, 0, 0.3, 0.6, 0.9];
/** What is farther, in steps, does not count as seen. */
const REACH = 60;

const wrapped = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));

/** Share of the points before `a` that lie in `b`'s field of view and reach, 0..1 (WorldPlay's Monte-Carlo points on a grid). */
export function viewOverlap(a: Pose, b: Pose, { width, height, focal }: CameraModel, step: StepSizes): number {
  const [halfWide, halfTall] = [Math.atan(width / 2 / focal), Math.atan(height / 2 / focal)];
  if (Math.abs(a.pitch - b.pitch) >= halfTall) return 0;
  let seen = 0;
  for (const steps of DISTANCES)
    for (const azimuth of AZIMUTHS) {
      const [distance, heading] = [steps * step.translation, a.yaw + azimuth * halfWide];
      const [dx, dz] = [a.x + distance * Math.sin(heading) - b.x, a.z + distance * Math.cos(heading) - b.z];
      const inView = Math.abs(wrapped(Math.atan2(dx, dz) - b.yaw)) < halfWide;
      if (inView && Math.hypot(dx, dz) < REACH * step.translation) seen++;
    }
  return seen / (DISTANCES.length * AZIMUTHS.length);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
