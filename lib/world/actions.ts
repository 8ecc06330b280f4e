import type { Pose } from "./camera.ts";
import {
  FRAMES_PER_LATENT,
  PITCH_STEP,
  ROTATION_THRESHOLD,
  TRANSLATION_STEP,
  TRANSLATION_THRESHOLD,
  YAW_STEP,
} from "./config.ts";

/** The paper's 81 actions: id = 9 * translation + rotation. Names are the keys held. */
export const TRANSLATIONS = ["none", "w", "s", "a", "d", "wa", "wd", "sa", "sd"] as const;
export const ROTATIONS = ["none", "left", "right", "up", "down", "upleft", "upright", "downleft", "downright"] as const;
export const ACTIONS = TRANSLATIONS.length * ROTATIONS.length;
export const NONE = 0;

/** A motion as signs: forward and rightward translation, yaw to the right, pitch upward; each -1, 0 or 1. */
export interface Motion {
  readonly forward: number;
  readonly rightward: number;
  readonly yaw: number;
  readonly pitch: number;
}

const FORWARD = [0, 1, -1, 0, 0, 1, 1, -1, -1];
const RIGHTWARD = [0, 0, 0, -1, 1, -1, 1, -1, 1];
const YAW = [0, -1, 1, 0, 0, -1, 1, -1, 1];
const PITCH = [0, 0, 0, 1, -1, 1, 1, -1, -1];

export const actionOf = (translation: number, rotation: number): number => 9 * translation + rotation;
export const translationOf = (action: number): number => Math.floor(action / 9);
export const rotationOf = (action: number): number => action % 9;

export function motionOf(action: number): Motion {
  const [t, r] = [translationOf(action), rotationOf(action)];
  return { forward: FORWARD[t], rightward: RIGHTWARD[t], yaw: YAW[r], pitch: PITCH[r] };
}

/** The action of a motion's signs. */
export function actionOfMotion({ forward, rightward, yaw, pitch }: Motion): number {
  const translation = FORWARD.findIndex((f, i) => f === forward && RIGHTWARD[i] === rightward);
  const rotation = YAW.findIndex((y, i) => y === yaw && PITCH[i] === pitch);
  return actionOf(translation, rotation);
}

/** How many axes an action moves along: 0 for none, 1 for a basic action, more for a combined one. */
export function axesOf(action: number): number {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  return Math.abs(forward) + Math.abs(rightward) + Math.abs(yaw) + Math.abs(pitch);
}

export const isBasic = (action: number): boolean => axesOf(action) === 1;
export const isCombined = (action: number): boolean => axesOf(action) > 1;

/**
 * The pose one frame later. The translation follows the heading halfway through the turn, so that the opposite
 * action leads exactly back. Pitch is not limited here; paths are planned within the limit.
 * @param speed scale of the step; only evaluation outside of the training distribution uses another than 1
 */
export function stepPose(pose: Pose, action: number, speed = 1): Pose {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  const heading = pose.yaw + (speed * yaw * YAW_STEP) / 2;
  const length = (speed * TRANSLATION_STEP) / (forward !== 0 && rightward !== 0 ? Math.SQRT2 : 1);
  const [s, c] = [Math.sin(heading), Math.cos(heading)];
  return {
    x: pose.x + length * (forward * s + rightward * c),
    z: pose.z + length * (forward * c - rightward * s),
    yaw: pose.yaw + speed * yaw * YAW_STEP,
    pitch: pose.pitch + speed * pitch * PITCH_STEP,
  };
}

/** The poses after each of the frames of one latent. */
export function stepLatent(pose: Pose, action: number, speed = 1): Pose[] {
  const poses: Pose[] = [];
  for (let i = 0; i < FRAMES_PER_LATENT; i++) poses.push(stepPose(poses.at(-1) ?? pose, action, speed));
  return poses;
}

/**
 * The poses of every frame when `actions` (one a latent, the first of them ignored: it is the initial picture) are
 * carried out from `start`: 4 * latents - 3 poses.
 */
export function pathOf(start: Pose, actions: ArrayLike<number>, speed = 1): Pose[] {
  const poses = [start];
  for (let t = 1; t < actions.length; t++) poses.push(...stepLatent(poses[poses.length - 1], actions[t], speed));
  return poses;
}

/** -1, 0 or 1 by a direction cosine: beyond 60 degrees either way counts as no motion along the axis. */
const signOfCosine = (cosine: number): number => (cosine > 0.5 ? 1 : cosine < -0.5 ? -1 : 0);
const signBeyond = (value: number, threshold: number): number => (Math.abs(value) > threshold ? Math.sign(value) : 0);

/**
 * The action that leads from one frame's pose to the next, by the paper's rule (arXiv 2602.09022): translation where
 * it is longer than the threshold, by its angle to the camera's axes (under 60 and over 120 degrees; diagonals set
 * both); rotation where yaw or pitch changes by more than 0.2 degrees.
 */
export function labelOf(from: Pose, to: Pose): number {
  const [dx, dz] = [to.x - from.x, to.z - from.z];
  const length = Math.hypot(dx, dz);
  const heading = (from.yaw + to.yaw) / 2;
  const [s, c] = [Math.sin(heading), Math.cos(heading)];
  const moving = length > TRANSLATION_THRESHOLD;
  return actionOfMotion({
    forward: moving ? signOfCosine((dx * s + dz * c) / length) : 0,
    rightward: moving ? signOfCosine((dx * c - dz * s) / length) : 0,
    yaw: signBeyond(to.yaw - from.yaw, ROTATION_THRESHOLD),
    pitch: signBeyond(to.pitch - from.pitch, ROTATION_THRESHOLD),
  });
}
