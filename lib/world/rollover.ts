import { UserError } from "../util/errors.ts";
import type { Rng } from "../util/rng.ts";
import { actionOfMotion, axesOf, type Motion, motionOf, NONE, rotationOf, translationOf } from "./actions.ts";

/**
 * How a recorded key log disagrees with the camera ("key rollover": a keyboard drops keys when several are held).
 * Probabilities are per clip and command.
 */
export interface RolloverConfig {
  /** A combined command is carried out in full; otherwise one of its parts is dropped, each equally likely. */
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

/** Without one of its keys: of a translation with a turn one of the two; of a diagonal one of its axes. */
function dropPart(command: number, dropped: number): number {
  const motion = motionOf(command);
  const second = dropped >= 0.5;
  const without = (a: keyof Motion, b: keyof Motion): number => actionOfMotion({ ...motion, [second ? b : a]: 0 });
  if (rotationOf(command) === 0) return without("forward", "rightward");
  if (translationOf(command) === 0) return without("yaw", "pitch");
  return second ? command - rotationOf(command) : rotationOf(command);
}

/** What the camera does when `command` is given in a clip of this fate. */
export function executedOf(command: number, fate: Fate, config: RolloverConfig): number {
  const axes = axesOf(command);
  if (axes === 0) return command;
  if (axes === 1) return fate.lost < config.basicLost ? NONE : command;
  return fate.lost < config.combinedFull ? command : dropPart(command, fate.dropped);
}
