/** What drift and spatial memory are measured on: held-out scenes apart from those of the main table. */
import { CLIP_LATENTS } from "../model/legacy/config.ts";
import {
  type Prompt,
  ROUTES,
  type Route,
  routePrompt,
  trueVideo,
  WIDE_KINDS,
  type WideKind,
  widePrompt,
} from "../rollout/prompts/index.ts";
import { Rng } from "../util/rng.ts";
import { sceneSeed } from "../world/index.ts";

/** Prompts with their true pictures, [F, 48, 80, 3] each. */
export interface PromptSet {
  prompts: Prompt[];
  truths: Uint8Array[];
}

export const promptSet = (prompts: Prompt[]): PromptSet => ({ prompts, truths: prompts.map(trueVideo) });

/** Scenes of the split `evaluation`: the main table's are below 20 000. */
const [FIRST_ROUTE, FIRST_WIDE, EACH] = [100_000, 200_000, 10_000];

/** `count` prompts along a route, always the same ones. */
export const routePrompts = (route: Route, count: number, clips: number): Prompt[] =>
  Array.from({ length: count }, (_, i) => {
    const scene = sceneSeed("evaluation", FIRST_ROUTE + ROUTES.indexOf(route) * EACH + i);
    return routePrompt(route, { sceneSeed: scene, latents: CLIP_LATENTS * clips, rng: Rng.of("route", route, i) });
  });

/** `count` prompts of commands outside of the training distribution, always the same ones. */
export const widePrompts = (kind: WideKind, count: number, clips: number): Prompt[] =>
  Array.from({ length: count }, (_, i) => {
    const scene = sceneSeed("evaluation", FIRST_WIDE + WIDE_KINDS.indexOf(kind) * EACH + i);
    return widePrompt(kind, scene, CLIP_LATENTS * clips, Rng.of("wide", kind, i));
  });
