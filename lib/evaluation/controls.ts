/** Videos that show what the metrics say of cases whose answer is known. */

import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import type { Prompt } from "../rollout/prompts/index.ts";
import { Rng } from "../util/rng.ts";
import { ALL_ACTIONS, FRAME_BYTES, NONE, pathOf } from "../world/index.ts";
import { makeScene, renderPath } from "../world/plane/index.ts";

export const CONTROLS = ["true-render", "reconstruction", "frozen", "random-actions"] as const;
export type Control = (typeof CONTROLS)[number];

/** The first picture throughout: perfect consistency, no obedience. */
function frozen(prompt: Prompt): Uint8Array {
  const first = renderPath(makeScene(prompt.sceneSeed), prompt.poses.slice(0, 1));
  const out = new Uint8Array(prompt.poses.length * FRAME_BYTES);
  for (let at = 0; at < out.length; at += FRAME_BYTES) out.set(first, at);
  return out;
}

/** True pictures of the same scene under actions drawn anew for every latent: perfect pictures, chance obedience. */
function randomActions(prompt: Prompt): Uint8Array {
  const rng = Rng.of("random-actions", prompt.sceneSeed);
  const actions = Array.from(prompt.actions, (_, latent) => (latent === 0 ? NONE : rng.pick(ALL_ACTIONS)));
  return renderPath(makeScene(prompt.sceneSeed), pathOf(prompt.poses[0], actions));
}

/** The control's frames for a prompt, [F, 48, 80, 3]. */
export function controlVideo(control: Control, prompt: Prompt, truth: Uint8Array, tokeniser: Tokeniser): Uint8Array {
  if (control === "true-render") return truth;
  if (control === "reconstruction") return tokeniser.decode(tokeniser.encode(truth));
  return control === "frozen" ? frozen(prompt) : randomActions(prompt);
}
