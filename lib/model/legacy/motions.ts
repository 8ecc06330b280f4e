/**
 * What a camera may make of a command: carry it out whole, translate only, turn only, or stand still. A model cannot
 * know which before it has begun a clip; told what each of them would show, it decides for one and keeps to it.
 */
import { rotationOf } from "../../world/actions.ts";
import type { Pose } from "../../world/index.ts";
import { commandedPath, type LatentPath } from "./condition.ts";

const PARTS: readonly ((action: number) => number)[] = [
  (action) => action,
  (action) => action - rotationOf(action),
  rotationOf,
  () => 0,
];

/** Number of possible motions; the first carries the command out. */
export const MOTIONS = PARTS.length;

/** What of a command each motion carries out: one list of actions a motion. */
export const partsOf = (actions: ArrayLike<number>): number[][] => PARTS.map((part) => Array.from(actions, part));

/** @returns one path a motion; see `commandedPath` */
export const possiblePaths = (start: Pose, actions: ArrayLike<number>, first: boolean, speed = 1): LatentPath[][] =>
  partsOf(actions).map((part) => commandedPath(start, part, first, speed));
