/**
 * How a video looks apart from where it is: compared with the true pictures from where it has itself gone, as the model reads
 * that from its clips (model/carried.ts). At the commanded poses, one turn that was left out makes all that follows unlike.
 */
import { frameOf } from "../metrics/appearance.ts";
import { boundedPsnr } from "../metrics/image.ts";
import { CLIP_LATENTS } from "../model/legacy/config.ts";
import type { Generated, Prompt } from "../rollout/prompts/index.ts";
import { mean } from "../util/statistics.ts";
import { FRAMES_PER_LATENT } from "../world/index.ts";
import { makeScene, renderFrame } from "../world/plane/index.ts";

export interface OwnWay {
  /** Per clip, over the last frames of its latents, against the true pictures there: bounded dB. */
  psnr: number[];
  /** Per clip, over its latents: distance between the camera and the commanded one, in units of the world. */
  astray: number[];
}

export function ownWay({ frames, latentEnds }: Pick<Generated, "frames" | "latentEnds">, prompt: Prompt): OwnWay {
  const scene = makeScene(prompt.sceneSeed);
  const likeness = latentEnds.map((pose, latent) =>
    boundedPsnr(frameOf(frames, latent * FRAMES_PER_LATENT), renderFrame(scene, pose)),
  );
  const distance = latentEnds.map((pose, latent) => {
    const commanded = prompt.poses[latent * FRAMES_PER_LATENT];
    return Math.hypot(pose.x - commanded.x, pose.z - commanded.z);
  });
  return { psnr: meanPerClip(likeness), astray: meanPerClip(distance) };
}

const meanPerClip = (perLatent: readonly number[]): number[] =>
  Array.from({ length: perLatent.length / CLIP_LATENTS }, (_, clip) =>
    mean(perLatent.slice(clip * CLIP_LATENTS, (clip + 1) * CLIP_LATENTS)),
  );
