/** What models are evaluated on: a level, its first picture, and commands that meet nothing. */
import { CLIP_LATENTS } from "../model/clip.ts";
import type { Start } from "../model/worldModel.ts";
import { advise } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { Rng } from "../util/rng.ts";
import { RECIPES } from "../world/dataset/recipes.ts";
import { levelSeed } from "../world/dataset/shard.ts";
import { trajectoryOf } from "../world/motion.ts";
import { type Commands, type Plan, planTrajectory, type Trajectory } from "../world/plan.ts";
import { actionsOf, parsePoseString } from "../world/pose-string.ts";
import { COMBINED_PRIMITIVES, HELD_OUT } from "../world/primitives.ts";
import { type Split, sceneSeed } from "../world/splits.ts";
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

/** A level, a first picture with its pose, and commands from there with the true pose of every frame. */
export interface Prompt extends Trajectory {
  readonly world: World;
  readonly level: Level;
  readonly start: Start;
}

/** Places that are tried, in as many levels, for commands that meet something. */
const TRIES = 200;

/** Where a prompt's level comes from. */
export interface PromptOptions {
  /** Default `validation`, which nothing is trained on. */
  readonly split?: Split;
  /** Another number is another place. Default 0. */
  readonly number?: number;
}

/**
 * A prompt from a pose string, the paper's form of a trajectory: `"w-3, right-2, dw-4"` is key-latents in order, a latent
 * being 4 frames. It stands still at the end until its last clip (4 latents, 16 frames) is full.
 *
 * @param world where; the place is a free one from which the commands meet nothing
 * @throws UserError on a pose string that is none, and where the commands meet something wherever they begin
 * @example
 * ```ts
 * import { openWorld, prompt } from "worldcompass";
 * const { actions, poses, start } = await prompt(await openWorld("courtyard"), "w-3, right-2");
 * console.log(actions.join(" ")); // => 0 9 9 9 2 2 0 0
 * console.log(poses.length, start.frame.length); // => 29 11520
 * ```
 */
export async function prompt(
  world: World,
  commands: string,
  { split = "validation", number = 0 }: PromptOptions = {},
): Promise<Prompt> {
  if (!Number.isInteger(number) || number < 0)
    throw new UserError(`the number of the prompt is ${number}`, "give a whole number, 0 or more");
  const given = actionsOf(parsePoseString(commands));
  const actions = new Uint8Array(CLIP_LATENTS * Math.ceil(given.length / CLIP_LATENTS));
  actions.set(given);
  const rng = Rng.of("prompt", world.name, split, commands, number);
  for (let i = 0; i < TRIES; i++) {
    const level = world.level(levelSeed({ split, seed: 0 }, number * TRIES + i));
    const poses = trajectoryOf(level.spawn(rng), actions, world.step);
    if (!poses.every((pose) => level.isFree(pose))) continue;
    const frame = await level.render(poses.slice(0, 1));
    return { actions, poses, world, level, start: { frame, pose: poses[0] } };
  }
  throw new UserError(
    `"${commands}" meets something in ${TRIES} levels of ${world.name}`,
    "shorten it, or let it look less far up or down",
  );
}

/**
 * Prompts of one kind in levels of their own, the same for the same arguments.
 *
 * @param split nothing else is made of its levels: `rl` to train, `evaluation` to measure
 * @param kind `basic`, `combined`, or a wider one: `unseen`, `quick`, `slow`, `fast`
 * @param clips 8 for 125 frames, 16 for 253, 24 for 381
 * @param first number of the first prompt: other numbers are other prompts
 * @throws UserError unless count and clips are whole numbers, 1 or more, and split and kind are there
 * @example
 * ```ts
 * import { openWorld, promptsOf } from "worldcompass";
 * const prompts = await promptsOf(await openWorld("courtyard"), "rl", "combined", 2, 3);
 * console.log(prompts.length, prompts[0].actions.length); // => 2 12
 * ```
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
  if (!Object.hasOwn(PROMPT_KINDS, kind))
    throw new UserError(
      `there is no kind of prompts "${kind}"`,
      advise(kind, Object.keys(PROMPT_KINDS), (name) => name),
    );
  // Refuses a split that there is not.
  sceneSeed(split, first);
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

/** @throws UserError naming the first video whose actions end before so many clips */
export function checkLength(prompts: readonly Pick<Trajectory, "actions">[], clips: number): void {
  if (!Number.isInteger(clips) || clips < 1) throw new UserError(`${clips} clips`, "give a whole number, 1 or more");
  for (const [i, { actions }] of prompts.entries()) {
    if (actions.length >= clips * CLIP_LATENTS) continue;
    const problem = `the prompt of video ${i} has ${actions.length} latents, ${clips} clips need ${clips * CLIP_LATENTS}`;
    throw new UserError(problem, "give a longer prompt, or ask for fewer clips");
  }
}

/** The four actions of clip `n`. */
export const clipActions = ({ actions }: Pick<Trajectory, "actions">, n: number): Uint8Array =>
  actions.subarray(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS);
