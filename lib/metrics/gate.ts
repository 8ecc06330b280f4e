/**
 * The gate before every consistency score: a video that ignores its commands is as consistent as can be, so a score
 * counts only where the commands are followed.
 */
import { UserError } from "../util/errors.ts";
import { mean } from "../util/statistics.ts";
import { NONE } from "../world/actions.ts";

/** Least exact accuracy: eight times the chance of one action among 81. */
export const GATE = 0.1;

/**
 * Exact accuracy over the frame steps that are commanded to move, 0..1: standing still obeys no command to move. NaN where
 * nothing moves.
 * @param estimated,commanded [m] actions
 */
export function movingAccuracy(estimated: ArrayLike<number>, commanded: ArrayLike<number>): number {
  if (estimated.length !== commanded.length)
    throw new UserError(`${estimated.length} estimated and ${commanded.length} commanded steps`, "give as many");
  const moving = Array.from(commanded, (_, i) => i).filter((i) => commanded[i] !== NONE);
  return mean(moving.map((i) => (estimated[i] === commanded[i] ? 1 : 0)));
}

/** Does the score of a video, or of a set of videos, of this accuracy count? Without any motion it never does. */
export const passesGate = (accuracy: number, least = GATE): boolean => accuracy >= least;

/** The score, or null where the gate rejects it. */
export const gated = (score: number, accuracy: number, least = GATE): number | null =>
  passesGate(accuracy, least) ? score : null;
