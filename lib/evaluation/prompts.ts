/** What is evaluated: held-out scenes with clean action sequences, basic or combined (paper, main table). */
import { CLIP_LATENTS } from "../model/config.ts";
import { Rng } from "../util/rng.ts";
import { FRAMES_PER_LATENT, makeScene, type Pose, planTrajectory, renderPath, sceneSeed } from "../world/index.ts";

export const ACTION_KINDS = ["basic", "combined"] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

export interface Prompt {
  kind: ActionKind;
  sceneSeed: number;
  /** One per latent; the first belongs to the initial picture. [4 * clips] */
  actions: Uint8Array;
  /** Commanded camera of every frame. [16 * clips - 3] */
  poses: Pose[];
}

/** The paper's horizons in clips: 125, 253 and 381 frames. */
export const HORIZONS = [8, 16, 24] as const;

/** Frames of a video of `clips` clips: 16 a clip, 13 for the first. */
export const framesOfClips = (clips: number): number => FRAMES_PER_LATENT * CLIP_LATENTS * clips - 3;

/** `count` prompts, always the same ones; the scenes of the two kinds differ. */
export function evaluationPrompts(kind: ActionKind, count: number, clips: number): Prompt[] {
  const latents = CLIP_LATENTS * clips;
  return Array.from({ length: count }, (_, i) => {
    const seed = sceneSeed("evaluation", ACTION_KINDS.indexOf(kind) * 10_000 + i);
    const plan = planTrajectory({ scene: seed, latents, kind, rng: Rng.of("evaluation", kind, i, latents) });
    return { kind, sceneSeed: seed, actions: plan.commanded, poses: plan.poses };
  });
}

/** The true pictures of a prompt: what a perfect model would show. [F, 48, 80, 3] */
export const trueVideo = ({ sceneSeed: seed, poses }: Prompt): Uint8Array => renderPath(makeScene(seed), poses);
