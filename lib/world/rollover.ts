import { UserError } from "../util/errors.ts";
import type { Rng } from "../util/rng.ts";
import { axesOf, NONE, rotationOf } from "./actions.ts";

/**
 * How a recorded key log disagrees with the camera: a keyboard drops the keys of one hand (translation left, turns right).
 * Probabilities are per clip and command.
 */
export interface RolloverConfig {
  /** A combined command is carried out in full; otherwise the keys of one hand are dropped, either equally likely. */
  readonly combinedFull: number;
  /** A basic command is not registered at all. */
  readonly basicLost: number;
}

/** Chosen so that a model that learns the corpus obeys about as often as the paper's base (63 % basic, 20 % combined). */
export const RECORDED: RolloverConfig = { combinedFull: 0.25, basicLost: 0.3 };
/** Every command is carried out: for estimators, rewards, RL prompts and evaluation. */
export const CLEAN: RolloverConfig = { combinedFull: 1, basicLost: 0 };

export function checkRollover({ combinedFull, basicLost }: RolloverConfig): void {
  for (const [name, p] of Object.entries({ combinedFull, basicLost })) {
    if (!(p >= 0 && p <= 1)) throw new UserError(`Rollover probability ${name} is ${p}.`, "Give a number from 0 to 1.");
  }
}

/** One clip's fate: two uniform numbers in [0, 1), applied to every command of the clip. */
export interface Fate {
  readonly lost: number;
  readonly dropped: number;
}

export const drawFate = (rng: Rng): Fate => ({ lost: rng.uniform(), dropped: rng.uniform() });

/** Without the keys of one hand: of a translation with a turn one of the two is left, of one hand's diagonal nothing. */
function dropHand(command: number, dropped: number): number {
  const turn = rotationOf(command);
  if (turn === 0 || turn === command) return NONE;
  return dropped >= 0.5 ? command - turn : turn;
}

/** What the camera does when `command` is given in a clip of this fate. */
export function executedOf(command: number, fate: Fate, config: RolloverConfig): number {
  const axes = axesOf(command);
  if (axes === 0) return command;
  // The fates that carry out a combined command are among those that carry out a basic one.
  if (axes === 1) return fate.lost < 1 - config.basicLost ? command : NONE;
  return fate.lost < config.combinedFull ? command : dropHand(command, fate.dropped);
}
