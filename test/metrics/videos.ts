import { framesOfClips, type Prompt, routePrompt, trueVideo } from "../../lib/rollout/prompts/index.ts";
import { Rng } from "../../lib/util/rng.ts";
import { FRAME_BYTES } from "../../lib/world/index.ts";

/** Clips of the test videos. */
export const CLIPS = 8;
export const FRAMES = framesOfClips(CLIPS);

export const outAndBack = (seed: number): Prompt =>
  routePrompt("out-and-back", { sceneSeed: 7_002_000 + seed, latents: 4 * CLIPS, rng: Rng.of("test video", seed) });

export const lookAway = (seed: number): Prompt =>
  routePrompt("look-away", { sceneSeed: 7_003_000 + seed, latents: 4 * CLIPS, rng: Rng.of("look away", seed) });

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

const known = new Map<Prompt, Uint8Array>();
/** The true video, rendered once. */
export function truthOf(prompt: Prompt): Uint8Array {
  const video = known.get(prompt) ?? trueVideo(prompt);
  known.set(prompt, video);
  return video;
}
