/** Rollouts of one prompt as a value: a shared beginning, and branches that go on from it. */

import type { LatentPath } from "../model/legacy/condition.ts";
import type { Start } from "../model/legacy/worldModel.ts";
import type { Manner } from "./exploration.ts";
import type { Prompt } from "./prompts/index.ts";
import type { Step } from "./sampler.ts";

export interface Branch {
  /** All clips from the video's start, tokens [60, 128]; those before `RolloutTree.root` are shared. */
  readonly clips: readonly Float32Array[];
  /** The way of the camera in every clip before the last. */
  readonly ways: readonly (readonly LatentPath[])[];
  /** How its own clips were sampled. */
  readonly manner: Manner;
  /** The sampler's stochastic steps in the last clip. */
  readonly steps: readonly Step[];
}

export interface RolloutTree {
  readonly prompt: Prompt;
  readonly start: Start;
  /** Index of the first clip that the branches do not share: what is judged and trained are clips root..end. */
  readonly root: number;
  readonly branches: readonly Branch[];
  /** Clips that were generated for it. */
  readonly generations: number;
}

/** Index of the last clip. */
export const lastClip = ({ branches }: RolloutTree): number => branches[0].clips.length - 1;
