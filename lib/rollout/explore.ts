/** How the candidates of one clip are made to differ: by their noise alone, or by more. */

import { z } from "zod";
import type { Candidate } from "../model/worldModel.ts";
import { parseConfig } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { Rng } from "../util/rng.ts";
import { share, weight, whole } from "../util/schema.ts";
import { actionOfMotion, type Motion, motionOf } from "../world/actions.ts";

/** Makes a group's candidates for a command, each from streams of its own named by `key`. */
export interface Exploration {
  (command: ArrayLike<number>, count: number, key: readonly (string | number)[]): Candidate[];
  /** What it was made from, so that a worker can make it too; one of one's own has none. */
  readonly config?: ExplorationConfig;
}

export const explorationChoices = z.strictObject({
  eta: share().default(0).describe("Share of fresh noise in the sampler's early steps; 0 is the ODE."),
  guidance: z
    .array(weight())
    .min(1)
    .default([1])
    .describe("Weights of action guidance, dealt out to the candidates in turn; 1 is none."),
  perturbed: whole().default(0).describe("Candidates of each group that are sampled under a perturbed action."),
});
export type ExplorationConfig = Readonly<z.output<typeof explorationChoices>>;

export const NO_EXPLORATION: ExplorationConfig = explorationChoices.parse({});

const AXES: readonly (keyof Motion)[] = ["forward", "rightward", "yaw", "pitch"];

/** The same command with one axis of one of its actions changed wherever that action stands. */
export function perturbedAction(command: ArrayLike<number>, rng: Rng): number[] {
  const actions = Array.from(command);
  const changed = rng.pick(actions.slice(1));
  const motion = motionOf(changed);
  const axis = rng.pick(AXES);
  const others = [-1, 0, 1].filter((sign) => sign !== motion[axis]);
  const other = actionOfMotion({ ...motion, [axis]: rng.pick(others) });
  return actions.map((action) => (action === changed ? other : action));
}

/**
 * How candidates are made to differ beyond their noise: by fresh noise in the sampler's early steps (Flow-GRPO, arXiv
 * 2505.05470), by weights of action guidance, by perturbed actions, which the last candidates take.
 *
 * @param config eta 0..1, guidance weights of 0 or more, perturbed candidates of each group
 * @throws UserError at an unknown name, and at a value out of its range
 * @example
 * ```ts
 * import { exploration } from "worldcompass";
 * const explore = exploration({ eta: 0, guidance: [1, 2], perturbed: 1 });
 * const candidates = explore([0, 9, 9, 9], 3, ["seed", 0]);
 * console.log(candidates.map(({ guidance }) => guidance).join(" ")); // => 1 2 1
 * console.log(candidates.filter(({ actions }) => actions).length); // => 1
 * ```
 */
export function exploration(config: ExplorationConfig): Exploration {
  const { eta, guidance, perturbed } = parseConfig(explorationChoices, config);
  const explore: Exploration = (command, count, key) => {
    if (perturbed > count)
      throw new UserError(`${perturbed} of ${count} branches under perturbed actions`, "give a number up to all");
    return Array.from({ length: count }, (_, b) => ({
      rng: Rng.of(...key, "branch", b),
      eta,
      guidance: guidance[b % guidance.length],
      ...(b >= count - perturbed ? { actions: perturbedAction(command, Rng.of(...key, "perturbed", b)) } : {}),
    }));
  };
  return Object.assign(explore, { config });
}
