/** Which clip of the video an iteration trains. */
import { UserError } from "../util/errors.ts";
import { Rng } from "../util/rng.ts";

/**
 * Which clip of the video an iteration trains, 0 for the first: `(iteration, horizon, seed) => clip`, below `horizon`. A
 * function of its arguments alone, so that a resumed run goes on as it would have.
 */
export type Curriculum = (iteration: number, horizon: number, seed: number) => number;

/** In order of depth, against it, at random, or at random among those unlocked so far. */
export const CURRICULA = ["min2max", "max2min", "random", "progressive"] as const;
export type CurriculumName = (typeof CURRICULA)[number];

/** Iterations after which `progressive` unlocks one clip more. */
export const UNLOCK_EVERY = 3;

/**
 * @param iteration from 0
 * @param horizon clips of a whole video
 * @returns the target clip's index, 0..horizon - 1
 */
export function targetClip(curriculum: CurriculumName, iteration: number, horizon: number, seed: number): number {
  const turn = iteration % horizon;
  if (curriculum === "min2max") return turn;
  if (curriculum === "max2min") return horizon - 1 - turn;
  const open = curriculum === "random" ? horizon : Math.min(horizon, 1 + Math.floor(iteration / UNLOCK_EVERY));
  return Rng.of(seed, "curriculum", iteration).int(open);
}

/**
 * A curriculum by its name: `min2max` (the paper's; from the first clip to the last), `max2min`, `random`, or `progressive`
 * (at random among those unlocked so far).
 * @throws UserError where there is none of that name
 * @example
 * ```ts
 * import { curriculum } from "worldcompass";
 * const own = (iteration: number, horizon: number) => horizon - 1 - (iteration % horizon);
 * console.log(curriculum("max2min")(1, 4, 0) === own(1, 4)); // => true
 * ```
 */
export function curriculum(name: CurriculumName): Curriculum {
  if (!CURRICULA.includes(name))
    throw new UserError(`there is no curriculum "${name}"`, `choose one of ${CURRICULA.join(", ")}`);
  return (iteration, horizon, seed) => targetClip(name, iteration, horizon, seed);
}
