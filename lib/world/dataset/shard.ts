/** One shard of a data set: planned, rendered, packed and written. */
import { join } from "node:path";
import { fingerprint, writeAtomic } from "../../util/files.ts";
import { Rng } from "../../util/rng.ts";
import type { Pose } from "../camera.ts";
import { planTrajectory, type Trajectory } from "../plan.ts";
import { SCENES_PER_SPLIT, sceneSeed } from "../splits.ts";
import type { World } from "../world.ts";
import { encodeFrames } from "./frames.ts";
import { actionsFile, type DatasetDescription, framesFile, posesFile, type ShardEntry } from "./manifest.ts";
import { encodeColumns } from "./parquet.ts";

/** Data sets of different seeds use different levels of their split (until the split is used up). */
const LEVELS_APART = 10_007;

/** The seed of the level of trajectory number `index`. */
export const levelSeed = ({ split, seed }: Pick<DatasetDescription, "split" | "seed">, index: number): number =>
  sceneSeed(split, (seed * LEVELS_APART + index) % SCENES_PER_SPLIT);

/** Trajectory number `index` of a data set, without its frames. */
export function planOf(world: World, description: DatasetDescription, index: number): Trajectory {
  const { split, seed, latents, recipe } = description;
  const commands = recipe.commands[index % recipe.commands.length];
  const level = world.level(levelSeed(description, index));
  const rng = Rng.of(seed, "trajectory", world.name, split, index);
  return planTrajectory(level, world.step, { ...recipe, commands, latents }, rng);
}

/** The trajectories of a shard, as numbers in the whole data set. */
export function trajectoriesOf({ trajectories, trajectoriesPerShard }: DatasetDescription, shard: number): number[] {
  const first = shard * trajectoriesPerShard;
  const count = Math.min(trajectoriesPerShard, trajectories - first);
  return Array.from({ length: count }, (_, i) => first + i);
}

/** A shard before it is written: its entry in the manifest, and its files' contents by name. */
export interface Shard {
  readonly entry: ShardEntry;
  readonly contents: Readonly<Record<string, Uint8Array>>;
}

/** Plans and renders one shard. */
export async function makeShard(world: World, description: DatasetDescription, shard: number): Promise<Shard> {
  const indices = trajectoriesOf(description, shard);
  const plans = indices.map((index) => planOf(world, description, index));
  const frames: Uint8Array[] = [];
  for (const [i, { poses }] of plans.entries()) {
    frames.push(encodeFrames(await world.level(levelSeed(description, indices[i])).render(poses)));
  }
  return packShard(shard, { indices, plans, frames, levelSeeds: indices.map((i) => levelSeed(description, i)) });
}

/** Trajectories that are to be stored together. */
export interface StoredTrajectories {
  /** Their numbers in the data set. */
  readonly indices: readonly number[];
  readonly plans: readonly Trajectory[];
  /** Coded frames of each. */
  readonly frames: readonly Uint8Array[];
  readonly levelSeeds: readonly number[];
}

/** Writes the files of one shard. */
export const storeShard = (dir: string, shard: number, stored: StoredTrajectories): ShardEntry =>
  writeShard(dir, packShard(shard, stored));

function packShard(shard: number, { indices, plans, frames, levelSeeds }: StoredTrajectories): Shard {
  const contents = {
    [actionsFile(shard)]: encodeColumns(actionColumns(indices, plans)),
    [posesFile(shard)]: encodeColumns(poseColumns(indices, plans)),
    [framesFile(shard)]: Buffer.concat(frames),
  };
  const entry: ShardEntry = {
    shard,
    levelSeeds,
    frameBytes: frames.map((encoded) => encoded.length),
    files: Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, fingerprint(bytes)])),
  };
  return { entry, contents };
}

/** @returns what the manifest says of it */
export function writeShard(dir: string, { entry, contents }: Shard): ShardEntry {
  for (const [name, bytes] of Object.entries(contents)) writeAtomic(join(dir, name), bytes);
  return entry;
}

const actionColumns = (indices: readonly number[], plans: readonly Trajectory[]) => ({
  trajectory: Int32Array.from(plans.flatMap(({ actions }, i) => Array.from(actions, () => indices[i]))),
  latent: Int32Array.from(plans.flatMap(({ actions }) => Array.from(actions, (_, t) => t))),
  action: Int32Array.from(plans.flatMap(({ actions }) => [...actions])),
});

function poseColumns(indices: readonly number[], plans: readonly Trajectory[]) {
  const column = (key: keyof Pose): Float64Array =>
    Float64Array.from(plans.flatMap(({ poses }) => poses.map((pose) => pose[key])));
  return {
    trajectory: Int32Array.from(plans.flatMap(({ poses }, i) => poses.map(() => indices[i]))),
    frame: Int32Array.from(plans.flatMap(({ poses }) => poses.map((_, frame) => frame))),
    x: column("x"),
    z: column("z"),
    yaw: column("yaw"),
    pitch: column("pitch"),
  };
}
