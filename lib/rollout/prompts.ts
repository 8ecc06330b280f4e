/** What a policy is trained on: scenes of the split `rl` with clean commands, basic and combined in turn. */

import { CLIP_LATENTS } from "../model/config.ts";
import { ACTION_KINDS, type Prompt } from "../prompts/index.ts";
import { Rng } from "../util/rng.ts";
import { planTrajectory, SCENES_PER_SPLIT, sceneSeed } from "../world/index.ts";

/**
 * Prompts of one iteration; the same (seed, iteration) gives the same ones.
 * @param clips length of the commanded videos
 */
export function rlPrompts(seed: number, iteration: number, count: number, clips: number): Prompt[] {
  return Array.from({ length: count }, (_, i) => {
    const rng = Rng.of(seed, "rl prompt", iteration, i);
    const kind = ACTION_KINDS[(iteration * count + i) % ACTION_KINDS.length];
    const scene = sceneSeed("rl", rng.int(SCENES_PER_SPLIT));
    const plan = planTrajectory({ scene, latents: CLIP_LATENTS * clips, kind, rng });
    return { kind, sceneSeed: scene, actions: plan.commanded, poses: plan.poses };
  });
}
