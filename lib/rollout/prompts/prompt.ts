/** What a world model is asked for: a scene, where the camera starts, and the commands of every latent. */
import { CLIP_LATENTS } from "../../model/legacy/config.ts";
import { FRAMES_PER_LATENT, type Pose } from "../../world/index.ts";
import { makeScene, renderPath } from "../../world/plane/index.ts";

/** One axis at a time, or several (paper, main table). */
export const ACTION_KINDS = ["basic", "combined"] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** Paths that come back to where they were; see routes.ts. */
export const ROUTES = ["out-and-back", "look-away", "turn", "square", "triangle"] as const;
export type Route = (typeof ROUTES)[number];

/** Commands that training has not seen; see wide.ts. */
export const WIDE_KINDS = ["slow", "fast", "triple", "alternating", "still"] as const;
export type WideKind = (typeof WIDE_KINDS)[number];

export type PromptKind = ActionKind | Route | WideKind;

export interface Prompt {
  kind: PromptKind;
  sceneSeed: number;
  /** One per latent; the first belongs to the initial picture. [4 * clips] */
  actions: Uint8Array;
  /** Commanded camera of every frame. [16 * clips - 3] */
  poses: Pose[];
  /** Scale of the camera's steps; 1 if not given. */
  speed?: number;
}

/** Frames of a video of `clips` clips: 16 a clip, 13 for the first. */
export const framesOfClips = (clips: number): number => FRAMES_PER_LATENT * CLIP_LATENTS * clips - 3;

/** The four actions of clip `n`. */
export const clipActions = (actions: Uint8Array, n: number): Uint8Array =>
  actions.subarray(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS);

/** The true pictures of a prompt: what a perfect model would show. [F, 48, 80, 3] */
export const trueVideo = ({ sceneSeed: seed, poses }: Prompt): Uint8Array => renderPath(makeScene(seed), poses);
