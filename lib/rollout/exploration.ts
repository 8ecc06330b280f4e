/** How the candidates of one clip are made to differ: by their noise alone, or by more. */
import { partsOf } from "../model/legacy/motions.ts";
import { UserError } from "../util/errors.ts";
import type { Rng } from "../util/rng.ts";
import { actionOfMotion, type Motion, motionOf } from "../world/index.ts";

export interface Exploration {
  /** Share of fresh noise in the sampler's early steps, 0..1; 0 is the ODE. */
  eta: number;
  /** Which share of the steps is early. */
  etaShare: number;
  /** Weights of action guidance, dealt out to the candidates in turn; 1 is none. */
  guidance: readonly number[];
  /** Candidates of each group that are sampled under a neighbouring action (one axis changed in the whole clip). */
  neighbours: number;
  /**
   * Candidates of each group that are told a part of the command only, which is what a policy that mostly obeys still gets
   * wrong: its translation, its turn, or nothing. Where all obey, a reward for obedience has nothing to choose between.
   */
  omitting: number;
  /**
   * Candidates of each group that are shown the last picture alone, whatever the context remembers: beside them it shows
   * what remembering is worth. From a video's second clip on.
   */
  forgetting: number;
}

export const NO_EXPLORATION: Exploration = {
  eta: 0,
  etaShare: 0.3,
  guidance: [1],
  neighbours: 0,
  omitting: 0,
  forgetting: 0,
};

/** How one candidate is sampled. */
export interface Manner {
  /** The actions that the model is told; what it is judged and trained by is the command. */
  readonly told: ArrayLike<number>;
  readonly guidance: number;
  readonly eta: number;
  /** Is it shown the last picture alone? It is trained as if it had been shown all. */
  readonly forgets: boolean;
}

const AXES: readonly (keyof Motion)[] = ["forward", "rightward", "yaw", "pitch"];

/** The same command with one axis of one of its actions changed wherever that action stands. */
export function neighbourOf(command: ArrayLike<number>, rng: Rng): number[] {
  const actions = Array.from(command);
  const changed = rng.pick(actions.slice(1));
  const motion = motionOf(changed);
  const axis = rng.pick(AXES);
  const others = [-1, 0, 1].filter((sign) => sign !== motion[axis]);
  const neighbour = actionOfMotion({ ...motion, [axis]: rng.pick(others) });
  return actions.map((action) => (action === changed ? neighbour : action));
}

/** A motion that leaves something of the command out; the command itself where it is to stand still. */
export function partOf(command: ArrayLike<number>, rng: Rng): ArrayLike<number> {
  const [whole, ...rest] = partsOf(command);
  const parts = rest.filter((part) => part.some((action, i) => action !== whole[i]));
  return parts.length === 0 ? command : rng.pick(parts);
}

/**
 * How each of a group's candidates is sampled; the first ones forget, the last ones take neighbouring actions, and those
 * before them leave something out.
 */
export function mannersOf(exploration: Exploration, command: ArrayLike<number>, count: number, rng: Rng): Manner[] {
  const { eta, guidance, neighbours, omitting, forgetting } = exploration;
  const toldTo = (i: number): ArrayLike<number> => {
    if (i >= count - neighbours) return neighbourOf(command, rng);
    return i >= count - neighbours - omitting ? partOf(command, rng) : command;
  };
  return Array.from({ length: count }, (_, i) => ({
    told: toldTo(i),
    guidance: guidance[i % guidance.length],
    eta,
    forgets: i < forgetting,
  }));
}

/** @throws UserError on values out of range */
export function checkExploration(
  { eta, etaShare, guidance, neighbours, omitting, forgetting }: Exploration,
  branches: number,
): void {
  const wrong = (what: string, mend: string): UserError => new UserError(`exploration with ${what}`, mend);
  for (const [name, share] of Object.entries({ eta, etaShare })) {
    if (!(share >= 0 && share <= 1)) throw wrong(`${name} ${share}`, "give a number from 0 to 1");
  }
  if (guidance.length === 0 || !guidance.every((w) => Number.isFinite(w) && w >= 0)) {
    throw wrong(`guidance [${guidance}]`, "give one weight or more, 0 or above; 1 means none");
  }
  const some = {
    "under neighbouring actions": neighbours,
    "under neighbouring actions or a part of the command": neighbours + omitting,
    "that forget": forgetting,
  };
  if (!(omitting >= 0))
    throw wrong(`${omitting} branches under a part of the command`, "give a whole number, 0 or more");
  for (const [which, count] of Object.entries(some)) {
    if (!Number.isInteger(count) || count < 0 || count > branches)
      throw wrong(`${count} of ${branches} branches ${which}`, "give a whole number up to all");
  }
}
