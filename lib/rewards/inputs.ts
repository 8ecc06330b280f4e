/** A whole video as the clips that rewards score. */
import { stepActions } from "../metrics/accuracy.ts";
import type { Pose } from "../world/camera.ts";
import { FRAMES_PER_LATENT, framesOf, LATENTS_PER_CLIP } from "../world/config.ts";
import type { RewardInput } from "./reward.ts";

const CLIP_FRAMES = FRAMES_PER_LATENT * LATENTS_PER_CLIP;
const FIRST_FRAMES = framesOf(LATENTS_PER_CLIP);

/**
 * @param video [F, height, width, 3] bytes; what does not fill a clip at its end is left out
 * @param frameBytes of one frame
 * @param actions one a latent, the first of them none
 * @param poses the commanded camera at every frame
 */
export function rewardInputs(
  video: Uint8Array,
  frameBytes: number,
  actions: ArrayLike<number>,
  poses: readonly Pose[],
): RewardInput[] {
  const frames = video.length / frameBytes;
  const count = 1 + Math.floor((frames - FIRST_FRAMES) / CLIP_FRAMES);
  const first = video.subarray(0, frameBytes);
  const steps = stepActions(actions);
  return Array.from({ length: Math.max(0, count) }, (_, n): RewardInput => {
    if (n === 0)
      return { frames: video.slice(0, FIRST_FRAMES * frameBytes), first, actions: steps.slice(0, FIRST_FRAMES - 1) };
    const from = FIRST_FRAMES + (n - 1) * CLIP_FRAMES;
    return {
      frames: video.slice((from - 1) * frameBytes, (from + CLIP_FRAMES) * frameBytes),
      first,
      actions: steps.slice(from - 1, from - 1 + CLIP_FRAMES),
      history: {
        poses: poses.slice(0, from),
        upcoming: poses.slice(from, from + CLIP_FRAMES),
        frames: () => video.subarray(0, from * frameBytes),
      },
    };
  });
}
