/**
 * Fidelity to the first frame, the only picture of a video that is certainly true. A learnt scorer is met by contrast and
 * edges that no world has; statistics of colour and sharpness taken from the true picture are not.
 */
import { appearanceDistance, appearanceOf } from "../metrics/appearance.ts";
import type { PictureSize } from "../metrics/video.ts";
import { FRAMES_PER_LATENT } from "../world/config.ts";
import { latentAppearance } from "./drift.ts";
import type { Reward } from "./reward.ts";

/**
 * Minus the distance (0..1) of the clip's mean appearance from that of the video's first frame. What the camera now sees
 * changes the appearance too, but alike for all branches of a prompt. A frozen video would win, which is why it stands
 * beside the interaction reward.
 */
export const fidelityReward = (size: PictureSize): Reward => ({
  name: "fidelity",
  score: (clips) =>
    clips.map(({ frames, first }) => {
      const own = latentAppearance(frames, size, FRAMES_PER_LATENT);
      return -appearanceDistance(own, appearanceOf(first, size));
    }),
});
