/** A rendering process: writes the shards it is sent, and sends back each one's entry. */
import { takeJobs, tellParent } from "../../util/child.ts";
import { writeShard } from "./shard.ts";
import type { ShardJobs } from "./workers.ts";

takeJobs(async ({ dir, config, shards }: ShardJobs) => {
  for (const shard of shards) await tellParent(writeShard(dir, config, shard));
});
