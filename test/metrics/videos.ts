/** Videos of the courtyard along paths that come back, and ways to spoil them. */
import { pictureBytes } from "../../lib/metrics/video.ts";
import { Rng } from "../../lib/util/rng.ts";
import type { Pose } from "../../lib/world/camera.ts";
import { framesOf } from "../../lib/world/config.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { trajectoryOf } from "../../lib/world/motion.ts";

/** Clips of the test videos. */
export const CLIPS = 8;
export const FRAMES = framesOf(4 * CLIPS);
export const { camera: CAMERA, step: STEP } = courtyard;
export const FRAME_BYTES = pictureBytes(CAMERA);

export interface TestVideo {
  readonly actions: Uint8Array;
  readonly poses: readonly Pose[];
  /** The true video. */
  readonly truth: Uint8Array;
}

const [W, S, LEFT, RIGHT] = [9, 18, 1, 2];
const held = (action: number, latents: number): number[] => new Array<number>(latents).fill(action);

async function videoOf(seed: number, commands: readonly number[]): Promise<TestVideo> {
  const level = courtyard.level(seed);
  const actions = Uint8Array.from([0, ...commands, 0]);
  const poses = trajectoryOf(level.spawn(Rng.of("test video", seed)), actions, STEP);
  return { actions, poses, truth: await level.render(poses) };
}

/** Three latents forward and twelve of a turn (96 degrees), and the same backwards. */
const OUT_AND_BACK = [...held(W, 3), ...held(RIGHT, 12), ...held(LEFT, 12), ...held(S, 3)];
/** The frame at which they turn back. */
export const TURN = 60;

export const VIDEOS = await Promise.all([0, 1, 2].map((seed) => videoOf(seed, OUT_AND_BACK)));

/** A video faded to grey, frame by frame: a share of 0 leaves a frame as it is. */
export function faded(video: Uint8Array, share: (frame: number) => number): Uint8Array {
  return video.map((v, i) => Math.round(v + share(Math.floor(i / FRAME_BYTES)) * (128 - v)));
}

/** A video with fixed noise that grows with its share. */
export function noisy(video: Uint8Array, share: (frame: number) => number): Uint8Array {
  const noise = Rng.of("noise").normals(FRAME_BYTES);
  const out = new Uint8ClampedArray(video.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = video[i] + 40 * share(Math.floor(i / FRAME_BYTES)) * noise[i % FRAME_BYTES];
  }
  return new Uint8Array(out.buffer);
}

export const frozen = (video: Uint8Array): Uint8Array => video.map((_, i) => video[i % FRAME_BYTES]);
