/** What is evaluated: held-out scenes with clean action sequences, basic or combined (paper, main table). */
import { CLIP_LATENTS } from "../model/legacy/config.ts";
import { ACTION_KINDS, type ActionKind, type Prompt } from "../rollout/prompts/index.ts";
import { Rng } from "../util/rng.ts";
import { framesOf, sceneSeed } from "../world/index.ts";
import { planTrajectory } from "../world/plane/index.ts";

/** The paper's horizons in clips: 125, 253 and 381 frames. */
export const HORIZONS = [8, 16, 24] as const;

/** Latents for which every prompt is planned (765 frames); a shorter one is the beginning of that plan. */
const PLANNED = CLIP_LATENTS * 48;

/** `count` prompts, always the same ones, and a shorter one the beginning of a longer; the scenes of the two kinds differ. */
export function evaluationPrompts(kind: ActionKind, count: number, clips: number): Prompt[] {
  const latents = CLIP_LATENTS * clips;
  const planned = Math.max(latents, PLANNED);
  return Array.from({ length: count }, (_, i) => {
    const seed = sceneSeed("evaluation", ACTION_KINDS.indexOf(kind) * 10_000 + i);
    const plan = planTrajectory({ scene: seed, latents: planned, kind, rng: Rng.of("evaluation", kind, i, planned) });
    const frames = framesOf(latents);
    return { kind, sceneSeed: seed, actions: plan.commanded.slice(0, latents), poses: plan.poses.slice(0, frames) };
  });
}
