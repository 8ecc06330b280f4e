/** What a policy is trained on: scenes of the split `rl` with clean commands, basic and combined in turn. */
import { CLIP_LATENTS } from "../../model/legacy/config.ts";
import { Rng } from "../../util/rng.ts";
import { SCENES_PER_SPLIT, sceneSeed } from "../../world/index.ts";
import { planTrajectory } from "../../world/plane/index.ts";
import { ACTION_KINDS, type Prompt, type Route, routePrompt } from "./index.ts";

/** Shortest and longest leg or side, in latents, of the routes that come back within a video of `moving` latents. */
function shortRoutes(moving: number): [Route, shortest: number, longest: number][] {
  const routes: [Route, number, number][] = [
    // A way back of four latents or fewer meets only what is seen still.
    ["out-and-back", 4, Math.floor(moving / 2)],
    ["look-away", 12, Math.floor(moving / 2)],
    ["square", 2, Math.floor(moving / 5)],
  ];
  return routes.filter(([, shortest, longest]) => shortest <= longest);
}

/** A prompt that comes back to earlier poses, out and back or in a loop; undefined where videos are too short for any. */
function revisitPrompt(scene: number, latents: number, rng: Rng): Prompt | undefined {
  const routes = shortRoutes(latents - 1);
  if (routes.length === 0) return undefined;
  const [route, shortest, longest] = rng.pick(routes);
  return routePrompt(route, { sceneSeed: scene, latents, size: shortest + rng.int(longest - shortest + 1), rng });
}

/** Shares of prompts, 0..1. */
export interface PromptMix {
  /** Combined commands; the rest is basic. */
  combined?: number;
  /** Those that come back to where they were; the others do not depend on it. */
  revisits?: number;
}

const [BASIC, COMBINED] = ACTION_KINDS;

/**
 * Prompts of one iteration; the same (seed, iteration) gives the same ones.
 * @param clips length of the commanded videos
 */
export function rlPrompts(
  seed: number,
  iteration: number,
  count: number,
  clips: number,
  { combined = 0.5, revisits = 0 }: PromptMix = {},
): Prompt[] {
  return Array.from({ length: count }, (_, i) => {
    const rng = Rng.of(seed, "rl prompt", iteration, i);
    const before = iteration * count + i;
    const kind = Math.floor((before + 1) * combined) > Math.floor(before * combined) ? COMBINED : BASIC;
    const scene = sceneSeed("rl", rng.int(SCENES_PER_SPLIT));
    const latents = CLIP_LATENTS * clips;
    const chance = Rng.of(seed, "revisit", iteration, i);
    const returning = chance.uniform() < revisits ? revisitPrompt(scene, latents, chance) : undefined;
    if (returning) return returning;
    const plan = planTrajectory({ scene, latents, kind, rng });
    return { kind, sceneSeed: scene, actions: plan.commanded, poses: plan.poses };
  });
}
