/** What a worker does of an iteration's rollouts: the groups of a few prompts. */
import { openPortable, type PortableModel } from "../model/portable.ts";
import type { Task } from "../runtime/engine/engine.ts";
import { type ExplorationConfig, exploration } from "./explore.ts";
import { type Branched, type BranchOptions, branchClips, type Cue } from "./group.ts";

export interface GroupJob extends Omit<BranchOptions, "explore"> {
  readonly model: PortableModel;
  readonly cues: readonly Cue[];
  readonly depth: number;
  readonly explore: ExplorationConfig;
}

export const groupTask: Task<GroupJob, Branched[]> = async ({ model, cues, depth, explore, ...options }, context) =>
  branchClips(await openPortable(model, context), cues, depth, { ...options, explore: exploration(explore) });
export default groupTask;
