import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
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
  async (jobs, onShard) => {
    const hands = Array.from({ length: count }, (_, hand) => jobs.shards.filter((_, i) => i % count === hand));
    const workers = hands.map(() => startWorker());
    try {
      await Promise.all(workers.map((worker, i) => finished(worker, { ...jobs, shards: hands[i] }, onShard)));
    } finally {
      for (const worker of workers) worker.kill();
    }
  };

function startWorker(): ChildProcess {
  const script = fileURLToPath(new URL("./shard-worker.ts", import.meta.url));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx"));
  return fork(script, { execArgv: ["--import", tsx.href] });
}

function finished(worker: ChildProcess, jobs: ShardJobs, onShard: (entry: ShardEntry) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", (entry) => onShard(entry as ShardEntry));
    worker.on("error", reject);
    worker.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`A rendering process ended with ${signal ?? `code ${code}`}.`));
    });
    worker.send(jobs);
  });
}
