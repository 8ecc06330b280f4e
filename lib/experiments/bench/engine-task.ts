/** What workers do while an engine is measured: nothing, or the rollouts of one prompt with the processor time that they took. */

import type { Branched } from "../../rollout/group.ts";
import { type GroupJob, groupTask } from "../../rollout/group-task.ts";
import type { Task } from "../../runtime/engine/engine.ts";

export type BenchJob = GroupJob | "nothing";

export interface BenchAnswer {
  /** Of this job, loading the model included where it was not there yet. */
  readonly cpuSeconds: number;
  readonly branched: readonly Branched[];
}

const task: Task<BenchJob, BenchAnswer> = async (job, context) => {
  const before = process.cpuUsage();
  const branched = job === "nothing" ? [] : await groupTask(job, context);
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, branched };
};
export default task;
