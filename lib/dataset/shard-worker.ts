/** A rendering thread: writes the shards it is given and posts each one's entry. */
import { parentPort, workerData } from "node:worker_threads";
import { writeShard } from "./shard.ts";
import type { ShardJobs } from "./workers.ts";

const { dir, config, shards } = workerData as ShardJobs;
for (const shard of shards) parentPort?.postMessage(writeShard(dir, config, shard));
