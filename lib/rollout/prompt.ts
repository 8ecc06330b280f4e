/** What models are evaluated on: a level, its first picture, and commands that meet nothing. */
import { CLIP_LATENTS } from "../model/clip.ts";
import type { Start } from "../model/worldModel.ts";
import { UserError } from "../util/errors.ts";
import { Rng } from "../util/rng.ts";
import { RECIPES } from "../world/dataset/recipes.ts";
import { levelSeed } from "../world/dataset/shard.ts";
import { type Commands, type Plan, planTrajectory, type Trajectory } from "../world/plan.ts";
import { COMBINED_PRIMITIVES, HELD_OUT } from "../world/primitives.ts";
import type { Split } from "../world/splits.ts";
import type { Level, StepSizes, World } from "../world/world.ts";

/** How a kind of prompts is commanded, where that is not the split's recipe, and how large its steps are. */
interface Kind extends Partial<Omit<Plan, "latents">> {
  readonly commands: Commands;
  /** Of the world's steps; default 1. */
  readonly scale?: number;
}

/**
 * `basic` and `combined`: the paper's. Wider ones, which no training commands: `unseen` combined primitives, `quick` changes at
 * every latent, `slow` and `fast` steps of other sizes.
 */
export const PROMPT_KINDS = {
  basic: { commands: "basic" },
  combined: { commands: "combined" },
  unseen: { commands: "combined", without: COMBINED_PRIMITIVES.filter((action) => !HELD_OUT.includes(action)) },
  quick: { commands: "primitives", segment: [1, 1] },
  slow: { commands: "primitives", scale: 0.6 },
  fast: { commands: "primitives", scale: 1.4 },
} as const satisfies Record<string, Kind>;
export type PromptKind = keyof typeof PROMPT_KINDS;

export interface Prompt extends Trajectory {
  readonly world: World;
  readonly level: Level;
  readonly start: Start;
}

/**
 * Prompts of one kind in levels of their own.
 * @param clips 8 for 125 frames, 16 for 253, 24 for 381
 * @param first number of the first prompt: other numbers are other prompts
 */
export async function promptsOf(
  world: World,
  split: Split,
  kind: PromptKind,
  count: number,
  clips: number,
  first = 0,
): Promise<Prompt[]> {
  for (const [name, value] of Object.entries({ prompts: count, clips })) {
    if (!Number.isInteger(value) || value < 1)
      throw new UserError(`${value} ${name}`, "give a whole number, 1 or more");
  }
  const { scale = 1, ...own }: Kind = PROMPT_KINDS[kind];
  const plan = { ...RECIPES[split], ...own, latents: CLIP_LATENTS * clips };
  const scaled = scale === 1 ? world : { ...world, step: scaledSteps(world.step, scale) };
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  return Promise.all(
    numbers.map(async (i) => {
      const level = world.level(levelSeed({ split, seed: 0 }, i));
      const trajectory = planTrajectory(level, scaled.step, plan, Rng.of("prompt", world.name, split, kind, i));
      const frame = await level.render(trajectory.poses.slice(0, 1));
      return { ...trajectory, world: scaled, level, start: { frame, pose: trajectory.poses[0], scale } };
    }),
  );
}

const scaledSteps = ({ translation, yaw, pitch }: StepSizes, scale: number): StepSizes => ({
  translation: scale * translation,
  yaw: scale * yaw,
  pitch: scale * pitch,
});

/** The four actions of clip `n`. */
export const clipActions = ({ actions }: Pick<Trajectory, "actions">, n: number): Uint8Array =>
  actions.subarray(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS);
