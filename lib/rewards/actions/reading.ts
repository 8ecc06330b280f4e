/** What an action estimator is, and what it says of a clip. */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";
import { ACTIONS, actionOf, motionOf } from "../../world/actions.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import type { CameraModel } from "../../world/world.ts";

/** Classes of translations, and of rotations. */
export const CLASSES = 9;
/** Axes of a motion: rightward, forward, yaw, pitch. */
export const AXES = 4;

/** Of every frame step of a clip, m in all. */
export interface ActionReading {
  /** The action that is seen, 9 * translation + rotation. [m] */
  readonly labels: Int32Array;
  /** Probabilities of each translation and of each rotation, [m, 9]. */
  readonly translation: Float32Array;
  readonly rotation: Float32Array;
  /** The camera's motion in steps of the world (rightward, forward, yaw, pitch), where the estimator measures it. [m, 4] */
  readonly motion?: Float32Array;
}

export interface ActionEstimator {
  readonly name: string;
  /** SHA-256 of its weights. */
  readonly sha256: string;
  /** @param clips [4 k + 1, height, width, 3] bytes each: a frame before, and those of k latents */
  read(clips: readonly Uint8Array[]): ActionReading[];
}

/** Frames of a group: the last one of the latent before, and the four of a latent. */
export const GROUP_FRAMES = FRAMES_PER_LATENT + 1;

/**
 * The groups of clips, one for each latent, and how many each clip has.
 * @throws UserError on a clip of another number of frames
 */
export function groupsOf(
  clips: readonly Uint8Array[],
  { width, height }: CameraModel,
): { groups: Uint8Array[]; counts: number[] } {
  const bytes = 3 * width * height;
  const groups: Uint8Array[] = [];
  const counts = clips.map((clip) => {
    const count = (clip.length / bytes - 1) / FRAMES_PER_LATENT;
    if (!Number.isInteger(count) || count < 1)
      throw new UserError(
        `a clip of ${clip.length / bytes} frames of ${width}x${height}`,
        "give 4 k + 1 frames: 5, 9, 13, ...",
      );
    for (let g = 0; g < count; g++) {
      const first = g * FRAMES_PER_LATENT * bytes;
      groups.push(clip.subarray(first, first + GROUP_FRAMES * bytes));
    }
    return count;
  });
  return { groups, counts };
}

/** Bytes of groups as numbers 0..1, [count * 5, height, 3 width]; groups that are missing are black. */
export function groupTensor(groups: readonly Uint8Array[], { width, height }: CameraModel, count: number): tf.Tensor {
  const size = GROUP_FRAMES * 3 * width * height;
  const values = new Float32Array(count * size);
  for (const [g, group] of groups.entries()) for (let i = 0; i < size; i++) values[g * size + i] = group[i] / 255;
  return tf.tensor(values, [count * GROUP_FRAMES, height, 3 * width]);
}

/** What an estimator says of one latent. */
export interface LatentReading {
  readonly label: number;
  /** [9] each */
  readonly translation: ArrayLike<number>;
  readonly rotation: ArrayLike<number>;
  /** [4] */
  readonly motion?: ArrayLike<number>;
}

/** The readings of each clip's latents, as one of its frame steps: a latent's four are alike. */
export function readingsOf(latents: readonly LatentReading[], counts: readonly number[]): ActionReading[] {
  let from = 0;
  return counts.map((count) => {
    const own = latents.slice(from, from + count);
    from += count;
    const steps = own.flatMap((latent) => new Array<LatentReading>(FRAMES_PER_LATENT).fill(latent));
    const floats = (values: (latent: LatentReading) => ArrayLike<number>): Float32Array =>
      Float32Array.from(steps.flatMap((latent) => Array.from(values(latent))));
    return {
      labels: Int32Array.from(steps, ({ label }) => label),
      translation: floats(({ translation }) => translation),
      rotation: floats(({ rotation }) => rotation),
      ...(own.every(({ motion }) => motion) && { motion: floats(({ motion }) => motion as ArrayLike<number>) }),
    };
  });
}

/** The motion of an action in steps: rightward, forward, yaw, pitch; diagonals are as long as straight steps. */
export function stepsOf(action: number): readonly [number, number, number, number] {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  const share = forward !== 0 && rightward !== 0 ? Math.SQRT1_2 : 1;
  return [share * rightward, share * forward, yaw, pitch];
}

/** Probabilities of all actions, [81] -> those of translations and of rotations, [9] each. */
export function marginals(joint: ArrayLike<number>): { translation: Float32Array; rotation: Float32Array } {
  const [translation, rotation] = [new Float32Array(CLASSES), new Float32Array(CLASSES)];
  for (let action = 0; action < ACTIONS; action++) {
    translation[Math.floor(action / CLASSES)] += joint[action];
    rotation[action % CLASSES] += joint[action];
  }
  return { translation, rotation };
}

/** The most probable action. @param translation,rotation [9] */
export function mostProbable(translation: ArrayLike<number>, rotation: ArrayLike<number>): number {
  const best = (values: ArrayLike<number>): number => {
    let top = 0;
    for (let c = 1; c < CLASSES; c++) if (values[c] > values[top]) top = c;
    return top;
  };
  return actionOf(best(translation), best(rotation));
}
