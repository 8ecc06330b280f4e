/** How an iteration's groups are rolled out: in this process, or in jobs by the workers of an engine. */
import type { Carrier } from "../model/portable.ts";
import type { TrainableWorldModel } from "../model/worldModel.ts";
import type { Engine } from "../runtime/engine/engine.ts";
import { UserError } from "../util/errors.ts";
import { type Exploration, type ExplorationConfig, exploration } from "./explore.ts";
import { type Branched, type BranchOptions, type Group, groupOf, rollOutGroups } from "./group.ts";
import type { GroupJob } from "./group-task.ts";
import type { Prompt } from "./prompt.ts";

export interface RollOutOptions extends Omit<BranchOptions, "explore" | "first"> {
  readonly explore: ExplorationConfig;
  /** One of one's own instead. */
  readonly exploration?: Exploration;
}

/** @param policy the one that acts */
export type RollOut = (
  policy: TrainableWorldModel,
  prompts: readonly Prompt[],
  depth: number,
  options: RollOutOptions,
) => Promise<Group[]>;

export const rollOutHere: RollOut = (policy, prompts, depth, { explore, exploration: own, ...options }) =>
  rollOutGroups(policy, prompts, depth, { ...options, explore: own ?? exploration(explore) });

const TASK = "lib/rollout/group-task.ts";

/**
 * Rollouts by workers. What comes out depends on the prompts of a job, never on how many workers there are or where.
 * @param perJob prompts of a job
 */
export function rollOutOn(engine: Engine, carrier: Carrier, perJob = 1): RollOut {
  return async (policy, prompts, depth, { exploration: own, ...options }) => {
    if (own && !own.config)
      throw new UserError(
        "an exploration of your own does not travel to workers",
        "roll out in this process, or say it by rollout.explore",
      );
    const explore = own?.config ?? options.explore;
    const model = await carrier.pack(engine, policy.params);
    const firsts = Array.from({ length: Math.ceil(prompts.length / perJob) }, (_, i) => i * perJob);
    const jobs = firsts.map((first) => {
      const cues = prompts.slice(first, first + perJob).map(({ start, actions }) => ({ start, actions }));
      const input: GroupJob = { ...options, explore, model, cues, depth, first };
      return { input, stored: model.stored };
    });
    const branched = (await engine.run<GroupJob, Branched[]>(TASK, jobs)).flat();
    await engine.drop(model.stored.weights);
    return branched.map((own, i) => groupOf(policy, prompts[i], own));
  };
}
