import { Worker } from "node:worker_threads";
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

/** One shard after the other, in this thread. */
export const inProcess: Crew = async ({ dir, config, shards }, onShard) => {
  for (const shard of shards) onShard(writeShard(dir, config, shard));
};

/** The shards dealt out to `count` threads. A failing thread ends the others and the run. */
export const withWorkers =
  (count: number): Crew =>
  async (jobs, onShard) => {
    const hands = Array.from({ length: count }, (_, hand) => jobs.shards.filter((_, i) => i % count === hand));
    const workers = hands.map((shards) => startWorker({ ...jobs, shards }));
    try {
      await Promise.all(workers.map((worker) => finished(worker, onShard)));
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  };

function startWorker(jobs: ShardJobs): Worker {
  return new Worker(new URL("./shard-worker.ts", import.meta.url), { workerData: jobs, execArgv: ["--import", "tsx"] });
}

function finished(worker: Worker, onShard: (entry: ShardEntry) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", onShard);
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`A rendering thread ended with code ${code}.`)),
    );
  });
}
