/** Visual quality by the preference model, on the last frame of every latent (the paper's frames 3, 7, 11 and 15). */

import { mean } from "../util/statistics.ts";
import { FRAMES_PER_LATENT } from "../world/config.ts";
import type { Preference } from "./preference/preference.ts";
import type { Reward, RewardInput } from "./reward.ts";

/** The scores of each clip's judged frames. */
function frameScores(preference: Preference, clips: readonly RewardInput[]): number[][] {
  const pictures = clips.map(({ frames, first }) => {
    const bytes = first.length;
    const latents = (frames.length / bytes - 1) / FRAMES_PER_LATENT;
    return Array.from({ length: latents }, (_, i) => {
      const at = (i + 1) * FRAMES_PER_LATENT * bytes;
      return { picture: frames.subarray(at, at + bytes), first };
    });
  });
  const scores = preference.score(pictures.flat()).mean;
  let to = 0;
  return pictures.map((own) => {
    to += own.length;
    return Array.from(scores.subarray(to - own.length, to));
  });
}

/** Mean score, in logits. */
export const visualReward = (preference: Preference): Reward => ({
  name: "visual",
  score: (clips) => frameScores(preference, clips).map(mean),
});

/** The paper's second visual reward: -mean |q(frame) - q(first frame)|, which dislikes any change of quality. */
export const driftReward = (preference: Preference): Reward => ({
  name: "visual-drift",
  score: (clips) => {
    const firsts = preference.score(clips.map(({ first }) => ({ picture: first, first }))).mean;
    return frameScores(preference, clips).map((own, i) => -mean(own.map((q) => Math.abs(q - firsts[i]))));
  },
});
