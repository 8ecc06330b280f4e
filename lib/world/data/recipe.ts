import { CLEAN, RECORDED, type RolloverConfig, type Split } from "../index.ts";
import type { Kind } from "../plane/index.ts";

/** How a split's trajectories are commanded. */
export interface Recipe {
  /** Trajectory i is planned by kind number i modulo their count. */
  readonly kinds: readonly Kind[];
  /** For kind `mix`: shares of the segments that are combined and that stand still; the rest is basic. */
  readonly combinedFraction: number;
  readonly noneFraction: number;
  /** Shortest and longest segment, in latents. */
  readonly segment: readonly [number, number];
  readonly rollover: RolloverConfig;
}

/**
 * Pre-training mimics a recorded corpus: few combined commands, and key logs that disagree with the camera. All else is
 * clean; validation is recorded like pre-training, so that its loss can be compared.
 */
const RECORDED_MIX: Recipe = {
  kinds: ["mix"],
  combinedFraction: 0.25,
  noneFraction: 0.04,
  segment: [2, 16],
  rollover: RECORDED,
};
const EVERY_ACTION: Recipe = { ...RECORDED_MIX, kinds: ["uniform", "primitives"], segment: [1, 4], rollover: CLEAN };
const PROMPTS: Recipe = { ...RECORDED_MIX, kinds: ["basic", "combined"], rollover: CLEAN };

export const RECIPES: Readonly<Record<Split, Recipe>> = {
  pretrain: RECORDED_MIX,
  validation: RECORDED_MIX,
  tokeniser: { ...EVERY_ACTION, kinds: ["mix", "uniform"], segment: [1, 8] },
  "estimator-reward": EVERY_ACTION,
  "estimator-evaluation": EVERY_ACTION,
  preference: { ...PROMPTS, kinds: ["basic", "combined", "mix"] },
  rl: PROMPTS,
  evaluation: PROMPTS,
};
