/**
 * What the model is told about a clip: per latent a discrete action and the continuous camera motion, per token the
 * angles of the projective encoding.
 */

import { joinFloats } from "../../util/arrays.ts";
import { stepPose } from "../../world/actions.ts";
import type { Pose } from "../../world/camera.ts";
import { FRAMES_PER_LATENT, PITCH_STEP, TRANSLATION_STEP, YAW_STEP } from "../../world/config.ts";
import { CLIP_LATENTS } from "./config.ts";
import { clipAngles } from "./rays.ts";

/** The camera's way through one latent: before its first frame, at its third frame, and at its last. */
export interface LatentPath {
  start: Pose;
  view: Pose;
  end: Pose;
}

export interface ClipCondition {
  /** Action class of each latent, 0..80 or NO_ACTION. [4] */
  actions: Int32Array;
  /** Motion features of each latent. [4, 8] */
  motion: Float32Array;
  /** Projective encoding. [60, 16] radians */
  angles: Float32Array;
  /** The way through each latent. */
  path: readonly LatentPath[];
  /** Of targets: the ways that the camera may take, the commanded one first. */
  possible: readonly (readonly LatentPath[])[];
  /** Motion features of each of them. [K, 4, 8] */
  possibleMotion: Float32Array;
  /** Cameras before the clip and at each of its latents, for the encoding of single cells. */
  cameras: readonly Pose[];
  /** Temporal index of the clip's first latent. */
  time: number;
}

export const MOTION_FEATURES = 8;

/** Frames before the view within a latent. */
const VIEW_FRAME = 3;

/** The path through latent `latent` of a video whose camera is known at every frame. */
export function latentPath(poses: readonly Pose[], latent: number): LatentPath {
  const last = FRAMES_PER_LATENT * latent;
  if (latent === 0) return { start: poses[0], view: poses[0], end: poses[0] };
  return { start: poses[last - FRAMES_PER_LATENT], view: poses[last - 1], end: poses[last] };
}

/**
 * The path that `actions` command from `start`; `first` says that the first latent is the initial image.
 * @param speed scale of the camera's steps, 1 in training
 */
export function commandedPath(start: Pose, actions: ArrayLike<number>, first: boolean, speed = 1): LatentPath[] {
  let pose = start;
  return Array.from(actions, (action, i) => {
    const from = pose;
    if (first && i === 0) return { start: from, view: from, end: from };
    let view = pose;
    for (let k = 1; k <= FRAMES_PER_LATENT; k++) {
      pose = stepPose(pose, action, speed);
      if (k === VIEW_FRAME) view = pose;
    }
    return { start: from, view, end: pose };
  });
}

const LATENT_MOVE = FRAMES_PER_LATENT * TRANSLATION_STEP;
const LATENT_YAW = FRAMES_PER_LATENT * YAW_STEP;
const LATENT_PITCH = FRAMES_PER_LATENT * PITCH_STEP;

/** Motion of one latent in units of one action, motion since the clip's start, and the pitch itself. */
function writeMotion(out: Float32Array, at: number, path: LatentPath, clipStart: Pose): void {
  const [dx, dz] = [path.end.x - path.start.x, path.end.z - path.start.z];
  const [sin, cos] = [Math.sin(path.start.yaw), Math.cos(path.start.yaw)];
  out[at] = (dx * cos - dz * sin) / LATENT_MOVE;
  out[at + 1] = (dx * sin + dz * cos) / LATENT_MOVE;
  out[at + 2] = (path.end.yaw - path.start.yaw) / LATENT_YAW;
  out[at + 3] = (path.end.pitch - path.start.pitch) / LATENT_PITCH;
  out[at + 4] = path.end.pitch / LATENT_PITCH / 4;
  out[at + 5] = path.start.pitch / LATENT_PITCH / 4;
  out[at + 6] = (path.end.yaw - clipStart.yaw) / LATENT_YAW / 4;
  out[at + 7] = Math.hypot(path.end.x - clipStart.x, path.end.z - clipStart.z) / LATENT_MOVE / 4;
}

function motionFeatures(path: readonly LatentPath[]): Float32Array {
  const motion = new Float32Array(CLIP_LATENTS * MOTION_FEATURES);
  path.forEach((latent, i) => {
    writeMotion(motion, i * MOTION_FEATURES, latent, path[0].start);
  });
  return motion;
}

/**
 * @param path four latents
 * @param actions four action classes
 * @param firstTime temporal index of the first latent
 * @param possible ways of a target that is not made yet, `path` first
 */
export function clipCondition(
  path: readonly LatentPath[],
  actions: ArrayLike<number>,
  firstTime: number,
  possible: readonly (readonly LatentPath[])[] = [path],
): ClipCondition {
  const views = path.map((latent) => latent.view);
  const angles = clipAngles(views, firstTime);
  return {
    actions: Int32Array.from(actions),
    motion: motionFeatures(path),
    angles,
    path,
    possible,
    possibleMotion: joinFloats(possible.map(motionFeatures)),
    cameras: [path[0].start, ...views],
    time: firstTime,
  };
}
