import { inProcesses } from "../../util/child.ts";
import type { DatasetConfig, ShardEntry } from "./manifest.ts";
import { writeShard } from "./shard.ts";

export interface ShardJobs {
  readonly dir: string;
  readonly config: DatasetConfig;
  /** Numbers of the shards to write. */
  readonly shards: readonly number[];
}

/** Writes shards, and tells of each as soon as it is on the disc. */
export type Crew = (jobs: ShardJobs, onShard: (entry: ShardEntry) => void) => Promise<void>;

/** One shard after the other, in this process. */
export const inProcess: Crew = async ({ dir, config, shards }, onShard) => {
  for (const shard of shards) onShard(writeShard(dir, config, shard));
};

/** The shards dealt out to `count` processes. A failing one ends the others and the run. */
export const withWorkers =
  (count: number): Crew =>
  (jobs, onShard) => {
    const hands = Array.from({ length: count }, (_, hand): ShardJobs => {
      return { ...jobs, shards: jobs.shards.filter((_, i) => i % count === hand) };
    });
    return inProcesses(new URL("./shard-worker.ts", import.meta.url), hands, count, onShard);
  };
