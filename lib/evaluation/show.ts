/** Evaluated videos as pictures: generated beside truth, with the pressed keys drawn in. */
import { overlayKeys, sideBySide, upscaleVideo, type Video } from "../display/media/index.ts";
import { framesOfClips, type Prompt } from "../rollout/prompts/index.ts";
import { FRAME_BYTES, HEIGHT, motionOf, WIDTH } from "../world/index.ts";

export const FRAMES_PER_SECOND = 12;

/** Bytes [F, 48, 80, 3] as a video, cut to its first `clips` clips if given. */
export function videoFrom(frames: Uint8Array, clips?: number): Video {
  const end = clips === undefined ? frames.length : framesOfClips(clips) * FRAME_BYTES;
  return { frames: frames.subarray(0, end), width: WIDTH, height: HEIGHT, fps: FRAMES_PER_SECOND };
}

export interface Labelled {
  label: string;
  frames: Uint8Array;
}

/** Several versions of one prompt side by side, with the held keys. */
export function compareVideos(versions: readonly Labelled[], prompt: Prompt, clips: number, scale = 3): Video {
  const latents = Math.ceil(framesOfClips(clips) / 4);
  const motions = Array.from(prompt.actions.subarray(0, latents), motionOf);
  const big = versions.map(({ frames }) => overlayKeys(upscaleVideo(videoFrom(frames, clips), scale), motions));
  return sideBySide(big, { labels: versions.map(({ label }) => label), gap: 6 });
}

/** The last frame of every `stride`-th clip, for contact sheets. */
export const clipEnds = (clips: number, stride = 1): number[] =>
  Array.from({ length: Math.floor((clips - 1) / stride) + 1 }, (_, i) => framesOfClips(i * stride + 1) - 1);
