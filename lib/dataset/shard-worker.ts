/** A rendering process: writes the shards it is sent, sends back each one's entry, and ends. */
import type { ShardEntry } from "./manifest.ts";
import { writeShard } from "./shard.ts";
import type { ShardJobs } from "./workers.ts";

/** Ends the process if the parent is gone: nobody would record the shards. */
function tell(entry: ShardEntry): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(entry, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}

process.once("message", async ({ dir, config, shards }: ShardJobs) => {
  for (const shard of shards) await tell(writeShard(dir, config, shard));
});
