/** A rendering process: writes the shards it is sent, and sends back each one's entry. */
import { takeJobs, tellParent } from "../../util/child.ts";
import { openWorld } from "../registry.ts";
import type { DatasetDescription } from "./manifest.ts";
import { writeShard } from "./shard.ts";

export interface ShardJob {
  readonly dir: string;
  readonly description: DatasetDescription;
  readonly shard: number;
}

takeJobs(async ({ dir, description, shard }: ShardJob) => {
  const world = await openWorld(description.world.name);
  const entry = await writeShard(world, dir, description, shard);
  await world.close();
  await tellParent(entry);
});
