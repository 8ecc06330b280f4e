/** Carried clips as frames, and what they are carried from and along. */
import type { CarriedClip } from "../../../lib/model/legacy/carry.ts";
import { commandedPath, type LatentPath } from "../../../lib/model/legacy/condition.ts";
import { CLIP_LATENTS } from "../../../lib/model/legacy/config.ts";
import type { Sight } from "../../../lib/model/legacy/source.ts";
import { unfoldGroups } from "../../../lib/model/tokeniser/fold.ts";
import { FRAME_BYTES, HEIGHT, type Pose, WIDTH } from "../../../lib/world/index.ts";

const LATENTS = [0, 1, 2, 3];
export const FRAMES = 16;

export const still = (pose: Pose): LatentPath[] => LATENTS.map(() => ({ start: pose, view: pose, end: pose }));
export const held = (pose: Pose, action: number): LatentPath[] =>
  commandedPath(pose, new Array<number>(CLIP_LATENTS).fill(action), false);

/** A picture that shows no solids. */
export const NO_SOLIDS = new Float32Array(HEIGHT * WIDTH).fill(Infinity);
export const open = (picture: Uint8Array, pose: Pose): Sight => ({ picture, pose, depths: NO_SOLIDS });

/** The frames of a clip as bytes. */
export const framesOf = ({ groups }: CarriedClip): Uint8Array[] => {
  const bytes = unfoldGroups(groups);
  return Array.from({ length: FRAMES }, (_, i) => bytes.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES));
};

/** Number of the cell, in the order of the tokens, that a pixel of a latent lies in. */
export function cellOf(pixel: number): number {
  const [row, column] = [Math.floor(pixel / WIDTH), pixel % WIDTH];
  const token = Math.floor(row / 16) * (WIDTH / 16) + Math.floor(column / 16);
  return 4 * token + 2 * (Math.floor(row / 8) % 2) + (Math.floor(column / 8) % 2);
}

/** A share of pixels that only float32 keeps from 1. */
export const ALL = 1 - 1e-5;
