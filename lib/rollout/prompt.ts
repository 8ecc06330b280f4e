/** What models are evaluated on: a level, its first picture, and commands that meet nothing. */
import { CLIP_LATENTS } from "../model/clip.ts";
import type { Start } from "../model/worldModel.ts";
import { UserError } from "../util/errors.ts";
import { Rng } from "../util/rng.ts";
import { RECIPES } from "../world/dataset/recipes.ts";
import { levelSeed } from "../world/dataset/shard.ts";
import { type Commands, planTrajectory, type Trajectory } from "../world/plan.ts";
import type { Split } from "../world/splits.ts";
import type { Level, World } from "../world/world.ts";

export interface Prompt extends Trajectory {
  readonly world: World;
  readonly level: Level;
  readonly start: Start;
}

/**
 * Prompts of one kind of commands in levels of their own.
 * @param clips 8 for 125 frames, 16 for 253, 24 for 381
 * @param first number of the first prompt: other numbers are other prompts
 */
export async function promptsOf(
  world: World,
  split: Split,
  commands: Commands,
  count: number,
  clips: number,
  first = 0,
): Promise<Prompt[]> {
  for (const [name, value] of Object.entries({ prompts: count, clips })) {
    if (!Number.isInteger(value) || value < 1)
      throw new UserError(`${value} ${name}`, "give a whole number, 1 or more");
  }
  const { commands: _, ...recipe } = RECIPES[split];
  const plan = { ...recipe, commands, latents: CLIP_LATENTS * clips };
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  return Promise.all(
    numbers.map(async (i) => {
      const level = world.level(levelSeed({ split, seed: 0 }, i));
      const trajectory = planTrajectory(level, world.step, plan, Rng.of("prompt", world.name, split, commands, i));
      const frame = await level.render(trajectory.poses.slice(0, 1));
      return { ...trajectory, world, level, start: { frame, pose: trajectory.poses[0] } };
    }),
  );
}

/** The four actions of clip `n`. */
export const clipActions = ({ actions }: Pick<Trajectory, "actions">, n: number): Uint8Array =>
  actions.subarray(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS);
