/** What a worker does of a data set: one shard, rendered and packed; whoever asked for it writes it. */
import type { Task } from "../../runtime/engine/engine.ts";
import { openWorld } from "../registry.ts";
import type { DatasetDescription } from "./manifest.ts";
import { makeShard, type Shard } from "./shard.ts";

export interface ShardJob {
  readonly description: DatasetDescription;
  readonly shard: number;
}

const task: Task<ShardJob, Shard> = async ({ description, shard }, context) => {
  const { name } = description.world;
  const world = await context.keep(
    `world ${name}`,
    () => openWorld(name),
    (opened) => opened.close(),
  );
  return makeShard(world, description, shard);
};
export default task;
