/**
 * What an estimator sees: groups of five frames, the last frame of the latent before and the four of one latent, so
 * four frame steps, at half the resolution.
 */
import { UserError } from "../../util/errors.ts";
import { FRAME_BYTES, FRAMES_PER_LATENT, HEIGHT, WIDTH } from "../../world/index.ts";

/** Frames and frame steps of a group. */
export const GROUP_FRAMES = FRAMES_PER_LATENT + 1;
export const GROUP_STEPS = FRAMES_PER_LATENT;
/** Bytes of a group [5, 48, 80, 3]. */
export const GROUP_BYTES = GROUP_FRAMES * FRAME_BYTES;

/** A halved frame: [24, 40 * RGB], colours interleaved. */
export const HALF_HEIGHT = HEIGHT / 2;
export const HALF_WIDTH = WIDTH / 2;
export const HALF_ROW = 3 * HALF_WIDTH;
export const HALF_FRAME = HALF_HEIGHT * HALF_ROW;
export const HALF_GROUP = GROUP_FRAMES * HALF_FRAME;

/** Four bytes are summed into one number of a halved frame. */
export const HALF_WHITE = 4 * 255;

/**
 * Cuts a video into groups, one for each latent but the first.
 * @param video [4 k + 1, 48, 80, 3] bytes, k >= 1
 * @returns [k, 5, 48, 80, 3]; neighbouring groups share a frame
 * @throws UserError on any other number of frames
 */
export function groupsOfVideo(video: Uint8Array): Uint8Array {
  const frames = video.length / FRAME_BYTES;
  const groups = (frames - 1) / FRAMES_PER_LATENT;
  if (!Number.isInteger(groups) || groups < 1) {
    throw new UserError(
      `A video of ${frames} frames has no groups of five.`,
      "Use 4 k + 1 frames of 48x80 RGB: 5, 9, ...",
    );
  }
  const out = new Uint8Array(groups * GROUP_BYTES);
  for (let g = 0; g < groups; g++) {
    const start = g * FRAMES_PER_LATENT * FRAME_BYTES;
    out.set(video.subarray(start, start + GROUP_BYTES), g * GROUP_BYTES);
  }
  return out;
}

/** The number of groups in [n, 5, 48, 80, 3] bytes. @throws UserError unless n is whole and positive */
export function countGroups(groups: Uint8Array): number {
  const n = groups.length / GROUP_BYTES;
  if (Number.isInteger(n) && n > 0) return n;
  throw new UserError(
    `${groups.length} bytes are no groups of five frames of 48x80 RGB (${GROUP_BYTES} bytes each).`,
    "Cut videos with groupsOfVideo.",
  );
}

/** Sums over 2x2 pixels: frames [n, 48, 80, 3] -> [n, 24, 120], 0 to HALF_WHITE. */
export function halve(frames: Uint8Array): Uint16Array {
  const out = new Uint16Array(frames.length / 4);
  const rowBytes = WIDTH * 3;
  for (let row = 0, at = 0; at < out.length; row++) {
    const top = 2 * row * rowBytes;
    for (let x = 0; x < HALF_WIDTH; x++)
      for (let c = 0; c < 3; c++) {
        const i = top + 6 * x + c;
        out[at++] = frames[i] + frames[i + 3] + frames[i + rowBytes] + frames[i + rowBytes + 3];
      }
  }
  return out;
}
