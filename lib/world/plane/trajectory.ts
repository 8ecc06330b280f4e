import { UserError } from "../../util/errors.ts";
import type { Rng } from "../../util/rng.ts";
import { NONE, stepLatent } from "../actions.ts";
import type { Pose } from "../camera.ts";
import { CLEARANCE, LATENTS_PER_CLIP, PITCH_LIMIT } from "../config.ts";
import { ALL_ACTIONS, BASIC_PRIMITIVES, COMBINED_PRIMITIVES, PRIMITIVES } from "../primitives.ts";
import { CLEAN, checkRollover, drawFate, executedOf, type Fate, type RolloverConfig } from "../rollover.ts";
import { makeScene, type Scene } from "./scene.ts";
import { blocked } from "./solids.ts";

/** Which commands a trajectory is made of: `mix` draws each segment's kind, `uniform` draws from all 81 actions. */
export const KINDS = ["basic", "combined", "mix", "primitives", "uniform"] as const;
export type Kind = (typeof KINDS)[number];

export interface PlanOptions {
  readonly scene: Scene | number;
  /** Latents of the trajectory, the initial picture included. */
  readonly latents: number;
  readonly kind: Kind;
  /** For `mix`: shares of the segments that are combined and that stand still; the rest is basic. */
  readonly combinedFraction?: number;
  readonly noneFraction?: number;
  /** Shortest and longest segment, in latents. */
  readonly segment?: readonly [shortest: number, longest: number];
  readonly rollover?: RolloverConfig;
  readonly rng: Rng;
}

export interface Trajectory {
  readonly sceneSeed: number;
  /** One action a latent; latent 0 is the initial picture and has action none. */
  readonly commanded: Uint8Array;
  /** What the camera did: equal to `commanded` without rollover. */
  readonly executed: Uint8Array;
  /** The true pose of each of the 4 * latents - 3 frames. */
  readonly poses: Pose[];
}

export const COMBINED_FRACTION = 0.25;
export const NONE_FRACTION = 0.04;
const SEGMENT = [2, 16] as const;
const START_RANGE = 200;
const START_PITCH = PITCH_LIMIT / 2;
/** Free space around the start, so that a way out exists. */
const START_CLEARANCE = 2 * CLEARANCE;
const TRIES = 24;
const ROUNDING = 1e-9;

function startPose(scene: Scene, rng: Rng): Pose {
  for (;;) {
    const x = rng.uniform(-START_RANGE, START_RANGE);
    const z = rng.uniform(-START_RANGE, START_RANGE);
    if (blocked(scene, x, z, START_CLEARANCE)) continue;
    return { x, z, yaw: rng.uniform(-Math.PI, Math.PI), pitch: rng.uniform(-START_PITCH, START_PITCH) };
  }
}

/** May the camera stand at every one of these poses? */
export function isFree(scene: Scene, poses: readonly Pose[]): boolean {
  return poses.every((p) => Math.abs(p.pitch) <= PITCH_LIMIT + ROUNDING && !blocked(scene, p.x, p.z, CLEARANCE));
}

/** Draws the command of a segment. */
function commandOf({ kind, combinedFraction, noneFraction, rng }: Required<PlanOptions>): number {
  if (kind === "basic") return rng.pick(BASIC_PRIMITIVES);
  if (kind === "combined") return rng.pick(COMBINED_PRIMITIVES);
  if (kind === "primitives") return rng.pick(PRIMITIVES);
  if (kind === "uniform") return rng.pick(ALL_ACTIONS);
  const share = rng.uniform();
  if (share < combinedFraction) return rng.pick(COMBINED_PRIMITIVES);
  return share < combinedFraction + noneFraction ? NONE : rng.pick(BASIC_PRIMITIVES);
}

/** A piece of a trajectory under one command, as far as the way is free. */
interface Segment {
  readonly executed: number[];
  readonly poses: Pose[];
}

/** Follows a command from `pose` for at most `length` latents, the first of which is number `first`. */
function follow(
  scene: Scene,
  pose: Pose,
  command: number,
  first: number,
  length: number,
  fates: Fate[],
  rollover: RolloverConfig,
): Segment {
  const segment: Segment = { executed: [], poses: [] };
  let intended = pose;
  for (let t = first; t < first + length; t++) {
    const action = executedOf(command, fates[Math.floor(t / LATENTS_PER_CLIP)], rollover);
    const wanted = stepLatent(intended, command);
    const done = stepLatent(segment.poses.at(-1) ?? pose, action);
    if (!isFree(scene, done) || !isFree(scene, wanted)) break;
    segment.executed.push(action);
    segment.poses.push(...done);
    intended = wanted[wanted.length - 1];
  }
  return segment;
}

/**
 * Plans a trajectory: segments of one command each, cut short where a solid or the pitch limit is in the way of what
 * was commanded or of what is carried out, and drawn again where nothing worth keeping is left.
 */
export function planTrajectory(options: PlanOptions): Trajectory {
  const plan = complete(options);
  const { latents, rng, rollover } = plan;
  const scene = typeof plan.scene === "number" ? makeScene(plan.scene) : plan.scene;
  const fates = Array.from({ length: Math.ceil(latents / LATENTS_PER_CLIP) }, () => drawFate(rng));
  const commanded = new Uint8Array(latents);
  const executed = new Uint8Array(latents);
  const poses = [startPose(scene, rng)];
  for (let t = 1; t < latents; ) {
    const { command, segment } = drawSegment(plan, latents - t, (command, length) =>
      follow(scene, poses[poses.length - 1], command, t, length, fates, rollover),
    );
    commanded.fill(command, t, t + segment.executed.length);
    executed.set(segment.executed, t);
    poses.push(...segment.poses);
    t += segment.executed.length;
  }
  return { sceneSeed: scene.seed, commanded, executed, poses };
}

function complete(options: PlanOptions): Required<PlanOptions> {
  const plan = {
    ...options,
    combinedFraction: options.combinedFraction ?? COMBINED_FRACTION,
    noneFraction: options.noneFraction ?? NONE_FRACTION,
    segment: options.segment ?? SEGMENT,
    rollover: options.rollover ?? CLEAN,
  };
  if (!Number.isInteger(plan.latents) || plan.latents < 1) {
    throw new UserError(
      `A trajectory of ${plan.latents} latents cannot be planned.`,
      "Ask for a whole number, 1 or more.",
    );
  }
  checkRollover(plan.rollover);
  return plan;
}

type Attempt = (command: number, length: number) => Segment;

/** The first drawn segment that gets at least as far as the shortest one (or the end), else the longest of all. */
function drawSegment(
  plan: Required<PlanOptions>,
  left: number,
  attempt: Attempt,
): { command: number; segment: Segment } {
  const [shortest, longest] = plan.segment;
  const enough = Math.min(shortest, left);
  let best = { command: NONE, segment: { executed: [], poses: [] } as Segment };
  for (let i = 0; i < TRIES || best.segment.executed.length === 0; i++) {
    const command = commandOf(plan);
    const length = Math.min(left, shortest + plan.rng.int(longest - shortest + 1));
    const segment = attempt(command, length);
    if (segment.executed.length > best.segment.executed.length) best = { command, segment };
    if (best.segment.executed.length >= enough) break;
  }
  return best;
}
