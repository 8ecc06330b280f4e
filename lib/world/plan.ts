/** Camera trajectories for data and prompts: segments of one command each that meet nothing. */
import { UserError } from "../util/errors.ts";
import type { Rng } from "../util/rng.ts";
import { NONE } from "./actions.ts";
import type { Pose } from "./camera.ts";
import { latentPoses } from "./motion.ts";
import { ALL_ACTIONS, BASIC_PRIMITIVES, COMBINED_PRIMITIVES, PRIMITIVES } from "./primitives.ts";
import type { Level, StepSizes } from "./world.ts";

/** Which commands a trajectory is made of: `mix` draws each segment's kind, `uniform` draws from all 81 actions. */
export const COMMANDS = ["basic", "combined", "mix", "primitives", "uniform"] as const;
export type Commands = (typeof COMMANDS)[number];

export interface Plan {
  readonly commands: Commands;
  /** Latents of the trajectory, the initial picture included. */
  readonly latents: number;
  /** Shortest and longest segment, in latents. */
  readonly segment: readonly [shortest: number, longest: number];
  /** Longest segment of a combined command of `mix`. */
  readonly longestCombined: number;
  /** Of `mix`: shares of the segments that are combined and that stand still; the rest is basic. */
  readonly combinedShare: number;
  readonly noneShare: number;
  /** Actions that are never drawn: held out for evaluation. */
  readonly without: readonly number[];
}

export interface Trajectory {
  /** One action a latent; latent 0 is the initial picture and has action none. */
  readonly actions: Uint8Array;
  /** The true pose of each of the 4 * latents - 3 frames. */
  readonly poses: readonly Pose[];
}

/** Segments drawn before the longest one found is taken. */
const TRIES = 24;

/** @throws UserError unless the plan can be carried out */
export function checkPlan({ latents, segment, combinedShare, noneShare }: Plan): void {
  if (!Number.isInteger(latents) || latents < 1)
    throw new UserError(`a trajectory of ${latents} latents cannot be planned`, "ask for a whole number, 1 or more");
  const [shortest, longest] = segment;
  if (!(Number.isInteger(shortest) && Number.isInteger(longest) && shortest >= 1 && shortest <= longest))
    throw new UserError(`segments of ${shortest} to ${longest} latents`, "give whole numbers, the shorter one first");
  if (!(combinedShare >= 0 && noneShare >= 0 && combinedShare + noneShare <= 1))
    throw new UserError(`shares of ${combinedShare} and ${noneShare}`, "give shares of 0 to 1, at most 1 together");
}

/** Draws a segment's command and its longest extent. */
function drawCommand(plan: Plan, rng: Rng): { action: number; longest: number } {
  const allowed = (actions: readonly number[]): number => rng.pick(actions.filter((a) => !plan.without.includes(a)));
  const longest = plan.segment[1];
  const sets = { basic: BASIC_PRIMITIVES, combined: COMBINED_PRIMITIVES, primitives: PRIMITIVES, uniform: ALL_ACTIONS };
  if (plan.commands !== "mix") return { action: allowed(sets[plan.commands]), longest };
  const share = rng.uniform();
  if (share < plan.combinedShare) return { action: allowed(COMBINED_PRIMITIVES), longest: plan.longestCombined };
  if (share < plan.combinedShare + plan.noneShare) return { action: NONE, longest };
  return { action: allowed(BASIC_PRIMITIVES), longest };
}

interface Segment {
  action: number;
  latents: number;
  poses: Pose[];
}

/** Follows an action as far as the way is free, at most `length` latents. */
function follow(level: Level, from: Pose, action: number, length: number, step: StepSizes): Segment {
  const poses: Pose[] = [];
  for (let latents = 0; latents < length; latents++) {
    const next = latentPoses(poses.at(-1) ?? from, action, step);
    if (!next.every((pose) => level.isFree(pose))) return { action, latents, poses };
    poses.push(...next);
  }
  return { action, latents: length, poses };
}

/** The first drawn segment that gets as far as the shortest one asked for, else the longest of those tried. */
function drawSegment(level: Level, plan: Plan, from: Pose, left: number, step: StepSizes, rng: Rng): Segment {
  const enough = Math.min(plan.segment[0], left);
  let best: Segment = { action: NONE, latents: 0, poses: [] };
  for (let i = 0; i < TRIES || best.latents === 0; i++) {
    const { action, longest } = drawCommand(plan, rng);
    const length = Math.min(left, plan.segment[0] + rng.int(Math.max(1, longest - plan.segment[0] + 1)));
    const segment = follow(level, from, action, length, step);
    if (segment.latents > best.latents) best = segment;
    if (best.latents >= enough) break;
  }
  return best;
}

/** Plans a trajectory in a level. @throws UserError on a plan that makes no sense */
export function planTrajectory(level: Level, step: StepSizes, plan: Plan, rng: Rng): Trajectory {
  checkPlan(plan);
  const actions = new Uint8Array(plan.latents);
  const poses = [level.spawn(rng)];
  for (let t = 1; t < plan.latents; ) {
    const segment = drawSegment(level, plan, poses[poses.length - 1], plan.latents - t, step, rng);
    actions.fill(segment.action, t, t + segment.latents);
    poses.push(...segment.poses);
    t += segment.latents;
  }
  return { actions, poses };
}
