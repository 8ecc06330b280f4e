/**
 * Frames to folded groups and back: [4 frames, 48, 80, 3] bytes <-> [12, 20, 192] floats in [-1, 1], where channel =
 * ((frame * 4 + dy) * 4 + dx) * 3 + colour. A video's first latent holds one frame, repeated four times.
 */
import { UserError } from "../../util/errors.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, FRAME_BYTES, TOKENISER } from "./config.ts";

const { fold, temporal, frameWidth } = TOKENISER;
const FOLDED_SIZE = FOLDED_HEIGHT * FOLDED_WIDTH * FOLDED_CHANNELS;

/** For every position of a folded group, its byte in the four frames. */
const SOURCE = Int32Array.from({ length: FOLDED_SIZE }, (_, i) => {
  const channel = i % FOLDED_CHANNELS;
  const cell = (i - channel) / FOLDED_CHANNELS;
  const [row, column] = [Math.floor(cell / FOLDED_WIDTH), cell % FOLDED_WIDTH];
  const colour = channel % 3;
  const dx = Math.floor(channel / 3) % fold;
  const dy = Math.floor(channel / (3 * fold)) % fold;
  const frame = Math.floor(channel / (3 * fold * fold));
  return frame * FRAME_BYTES + ((row * fold + dy) * frameWidth + column * fold + dx) * 3 + colour;
});

/** Number of latents of a video of `frames` frames. @throws UserError unless frames = 4 n - 3 */
export function latentsOf(frames: number): number {
  if (frames < 1 || frames % temporal !== 1) {
    throw new UserError(
      `a video of ${frames} frames has no whole number of latents`,
      "use 4 n - 3 frames: 1, 5, 9, ...",
    );
  }
  return (frames + temporal - 1) / temporal;
}

/** Video bytes [4n-3, 48, 80, 3] -> folded groups [n, 12, 20, 192]. */
export function foldVideo(frames: Uint8Array): Float32Array {
  const latents = latentsOf(frames.length / FRAME_BYTES);
  const out = new Float32Array(latents * FOLDED_SIZE);
  for (let n = 0; n < latents; n++) {
    const start = (temporal * n - (temporal - 1)) * FRAME_BYTES;
    const target = n * FOLDED_SIZE;
    for (let i = 0; i < FOLDED_SIZE; i++) {
      const at = n === 0 ? SOURCE[i] % FRAME_BYTES : start + SOURCE[i];
      out[target + i] = frames[at] / 127.5 - 1;
    }
  }
  return out;
}

/** Folded groups [n, 12, 20, 192] -> bytes of 4 n frames, rounded and clamped. */
export function unfoldGroups(groups: Float32Array): Uint8Array {
  const latents = groups.length / FOLDED_SIZE;
  const out = new Uint8Array(latents * temporal * FRAME_BYTES);
  for (let n = 0; n < latents; n++) {
    const target = n * temporal * FRAME_BYTES;
    const source = n * FOLDED_SIZE;
    for (let i = 0; i < FOLDED_SIZE; i++) {
      out[target + SOURCE[i]] = Math.max(0, Math.min(255, Math.round((groups[source + i] + 1) * 127.5)));
    }
  }
  return out;
}

/** 4 n decoded frames -> the video's 4 n - 3: of the first group only its last copy counts. */
export const dropRepeats = (frames: Uint8Array): Uint8Array => frames.subarray((temporal - 1) * FRAME_BYTES);
