/** Evaluated videos as pictures: generated beside truth, with the pressed keys drawn in. */
import { overlayKeys } from "../display/media/key-overlay.ts";
import { sideBySide } from "../display/media/side-by-side.ts";
import { upscaleVideo, type Video } from "../display/media/video.ts";
import { type PictureSize, pictureBytes } from "../metrics/video.ts";
import { CLIP_LATENTS } from "../model/clip.ts";
import type { Prompt } from "../rollout/prompt.ts";
import { motionOf } from "../world/actions.ts";
import { framesOf } from "../world/config.ts";

const FRAMES_PER_SECOND = 12;

/** Frames of a video of so many clips. */
export const framesOfClips = (clips: number): number => framesOf(CLIP_LATENTS * clips);

/** Bytes [frames, height, width, 3] as a video, cut to its first `clips` clips if given. */
export function videoFrom(frames: Uint8Array, size: PictureSize, clips?: number): Video {
  const end = clips === undefined ? frames.length : framesOfClips(clips) * pictureBytes(size);
  return { frames: frames.subarray(0, end), width: size.width, height: size.height, fps: FRAMES_PER_SECOND };
}

export interface Labelled {
  readonly label: string;
  readonly frames: Uint8Array;
}

/** Several versions of one prompt side by side, with the held keys. */
export function compareVideos(versions: readonly Labelled[], prompt: Prompt, clips: number, scale = 3): Video {
  const motions = Array.from(prompt.actions.subarray(0, CLIP_LATENTS * clips), motionOf);
  const { camera } = prompt.world;
  const big = versions.map(({ frames }) => overlayKeys(upscaleVideo(videoFrom(frames, camera, clips), scale), motions));
  return sideBySide(big, { labels: versions.map(({ label }) => label), gap: 6 });
}

/** The last frame of every `stride`-th clip, for contact sheets. */
export const clipEnds = (clips: number, stride = 1): number[] =>
  Array.from({ length: Math.floor((clips - 1) / stride) + 1 }, (_, i) => framesOfClips(i * stride + 1) - 1);
