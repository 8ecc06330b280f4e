/** A rendering process: writes the shards it is sent, sends back each one's entry, and ends. */
import { tellParent } from "../util/child.ts";
import { writeShard } from "./shard.ts";
import type { ShardJobs } from "./workers.ts";

process.once("message", async ({ dir, config, shards }: ShardJobs) => {
  for (const shard of shards) await tellParent(writeShard(dir, config, shard));
});
