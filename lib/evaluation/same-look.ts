/**
 * The floor of drift: the score of who knows nothing but the look of the place, and invents the rest, sharply and obediently.
 * The colours of ground, sky and mountains and the pattern of the ground are the scene's own; every solid, every accent of
 * the ground, the skyline and the sun are another one's. What a video loses down to here is forgotten, not spoilt.
 */
import type { Prompt } from "../rollout/prompts/index.ts";
import { sceneSeed } from "../world/index.ts";
import { clearedFor, makeScene, renderPath, type Scene } from "../world/plane/index.ts";

export const SAME_LOOK = "same-look";

/** Scenes of the split `evaluation` that no prompt has: those are below 300 000. */
const OTHERS = 500_000;

/** A place that looks like the prompt's and is another one, with room for its path. */
export function lookAlike({ sceneSeed: own, poses }: Prompt): Scene {
  const other = makeScene(sceneSeed("evaluation", OTHERS + (own % OTHERS)));
  return clearedFor({ ...other, palette: makeScene(own).palette }, poses);
}

/** The look-alike's pictures along the commanded path, [F, 48, 80, 3]. */
export const sameLook = (prompt: Prompt): Uint8Array => renderPath(lookAlike(prompt), prompt.poses);
