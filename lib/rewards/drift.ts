/** Drift as a reward that needs neither truth nor a learnt judge: a video should go on looking as it began. */
import { appearanceDistance, appearanceOf, meanAppearance } from "../metrics/appearance.ts";
import { frameOf, type PictureSize, pictureBytes } from "../metrics/video.ts";
import { FRAMES_PER_LATENT, framesOf, LATENTS_PER_CLIP } from "../world/config.ts";
import type { Reward, RewardInput } from "./reward.ts";

/** Mean appearance of the last frame of every latent, from frame `from` on and before frame `to`. */
export function latentAppearance(
  video: Uint8Array,
  size: PictureSize,
  from: number,
  to = video.length / pictureBytes(size),
): Float32Array {
  const frames: number[] = [];
  for (let f = from; f < to; f += FRAMES_PER_LATENT) frames.push(f);
  return meanAppearance(frames.map((f) => appearanceOf(frameOf(video, f, size), size)));
}

const FIRST_FRAMES = framesOf(LATENTS_PER_CLIP);

/**
 * Minus the distance (0..1) of the clip's mean appearance from that of the video's first clip, which has not had the time
 * to drift; 0 for the first clip itself. Not the clip before: small steps away from it are how drift goes on unseen.
 * What the camera now sees changes the appearance too, but alike for all branches of a prompt.
 */
export function appearanceReward(size: PictureSize): Reward {
  const scoresOf = (clips: readonly RewardInput[]): number[] => {
    // The branches of a prompt share what came before.
    const starts = new Map<Uint8Array, Float32Array>();
    return clips.map(({ frames, history }) => {
      if (!history) return 0;
      const before = history.frames();
      const start = starts.get(before) ?? latentAppearance(before, size, 0, FIRST_FRAMES);
      starts.set(before, start);
      return -appearanceDistance(latentAppearance(frames, size, FRAMES_PER_LATENT), start);
    });
  };
  return { name: "appearance-drift", score: scoresOf };
}
