/** How the trajectories of each split are commanded. */
import type { Plan } from "../plan.ts";
import { HELD_OUT } from "../primitives.ts";
import type { Split } from "../splits.ts";

/** A plan but for its length and its commands, which take turns: trajectory i is planned with `commands[i % count]`. */
export interface Recipe extends Omit<Plan, "commands" | "latents"> {
  readonly commands: readonly Plan["commands"][];
}

/**
 * Pre-training: combined commands are rare (about 1 % of the latents), as in recordings of people playing. Everything that
 * is commanded is carried out.
 */
const MIX: Recipe = {
  commands: ["mix"],
  segment: [2, 16],
  longestCombined: 4,
  combinedShare: 0.03,
  noneShare: 0.04,
  without: [],
};
const EVERY_ACTION: Recipe = { ...MIX, commands: ["uniform", "primitives"], segment: [1, 4] };
const PROMPTS: Recipe = { ...MIX, commands: ["basic", "combined"] };

export const RECIPES: Readonly<Record<Split, Recipe>> = {
  pretrain: MIX,
  validation: MIX,
  tokeniser: { ...EVERY_ACTION, commands: ["mix", "uniform"], segment: [1, 8] },
  "estimator-reward": EVERY_ACTION,
  "estimator-evaluation": EVERY_ACTION,
  preference: { ...PROMPTS, commands: ["basic", "combined", "mix"] },
  rl: { ...PROMPTS, without: HELD_OUT },
  evaluation: PROMPTS,
};
