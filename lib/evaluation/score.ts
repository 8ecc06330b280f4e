/** Scores of one video against its prompt and the true pictures. */

import { stepActions } from "../metrics/accuracy.ts";
import { psnr, ssim } from "../metrics/image.ts";
import { CLIP_LATENTS } from "../model/legacy/config.ts";
import { type Estimator, estimateSteps, groupsOfVideo } from "../rewards/estimator/index.ts";
import type { Preference } from "../rewards/preference/index.ts";
import { framesOfClips, type Prompt } from "../rollout/prompts/index.ts";
import { mean } from "../util/statistics.ts";
import { FRAME_BYTES, FRAMES_PER_LATENT, HEIGHT, WIDTH } from "../world/index.ts";

export interface VideoScore {
  /** Commanded and estimated action of every frame step. [4 * (latents - 1)] */
  commanded: Int32Array;
  estimated: Int32Array;
  /** Per clip, against the true pictures at the commanded poses: dB and -1..1. */
  psnr: number[];
  ssim: number[];
  /** Per clip, the preference model's score beside the video's own first frame, in logits; only with such a model. */
  visual?: number[];
}

const CLIP_FRAMES = FRAMES_PER_LATENT * CLIP_LATENTS;

/** @param video,truth [F, 48, 80, 3] of the same whole number of clips */
export function scoreVideo(
  video: Uint8Array,
  truth: Uint8Array,
  prompt: Prompt,
  estimator: Estimator,
  preference?: Preference,
): VideoScore {
  return {
    commanded: stepActions(prompt.actions.subarray(0, clipsOf(video) * CLIP_LATENTS)),
    estimated: estimateSteps(estimator, groupsOfVideo(video)).labels,
    ...likenessPerClip(video, truth),
    ...(preference && { visual: visualPerClip(preference, video) }),
  };
}

/** Clips of a whole video. */
const clipsOf = (video: Uint8Array): number => (video.length / FRAME_BYTES + 3) / CLIP_FRAMES;

/** Likeness of every clip to the truth. @param signal PSNR, for means over clips a bounded one */
export function likenessPerClip(
  video: Uint8Array,
  truth: Uint8Array,
  signal: (a: Uint8Array, b: Uint8Array) => number = psnr,
): Pick<VideoScore, "psnr" | "ssim"> {
  const perClip = (f: (a: Uint8Array, b: Uint8Array) => number): number[] =>
    Array.from({ length: clipsOf(video) }, (_, n) => {
      const from = n === 0 ? 1 : framesOfClips(n);
      const range = [from * FRAME_BYTES, framesOfClips(n + 1) * FRAME_BYTES] as const;
      return f(video.subarray(...range), truth.subarray(...range));
    });
  return { psnr: perClip(signal), ssim: perClip(sparseSsim) };
}

/** Mean score of every clip, over the last frame of each of its latents but the given first one, as the reward has it. */
export function visualPerClip(preference: Preference, video: Uint8Array): number[] {
  const clips = clipsOf(video);
  const frame = (i: number): Uint8Array => video.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);
  const first = frame(0);
  const pictured = Array.from({ length: clips * CLIP_LATENTS - 1 }, (_, latent) => {
    return { picture: frame((latent + 1) * FRAMES_PER_LATENT), first };
  });
  const scores = preference.score(pictured).mean;
  return Array.from({ length: clips }, (_, n) => {
    return mean(scores.subarray(Math.max(0, n * CLIP_LATENTS - 1), (n + 1) * CLIP_LATENTS - 1));
  });
}

/** SSIM of every eighth frame from the last backwards, the clip's middle and end. */
function sparseSsim(a: Uint8Array, b: Uint8Array): number {
  const count = a.length / FRAME_BYTES;
  const values: number[] = [];
  for (let f = count - 1; f >= 0; f -= CLIP_FRAMES / 2) {
    const range = [f * FRAME_BYTES, (f + 1) * FRAME_BYTES] as const;
    values.push(ssim(a.subarray(...range), b.subarray(...range), WIDTH, HEIGHT));
  }
  return mean(values);
}
