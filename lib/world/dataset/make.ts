/** Makes data sets of rendered trajectories, shard by shard; what is finished and intact is kept. */
import { join } from "node:path";
import type { Engine } from "../../runtime/engine/engine.ts";
import { UserError } from "../../util/errors.ts";
import { ownFolder } from "../../util/lock.ts";
import { Progress } from "../../util/progress.ts";
import { framesOf } from "../config.ts";
import type { Split } from "../splits.ts";
import type { World, WorldDescription } from "../world.ts";
import { isIntact } from "./check.ts";
import { type DatasetDescription, FORMAT, findManifest, type Manifest, shardsOf, writeManifest } from "./manifest.ts";
import { RECIPES, type Recipe } from "./recipes.ts";
import { makeShard, type Shard, trajectoriesOf, writeShard } from "./shard.ts";
import type { ShardJob } from "./shard-task.ts";

export interface MakeOptions {
  readonly world: World;
  readonly dir: string;
  readonly split: Split;
  readonly trajectories: number;
  readonly latents: number;
  readonly seed: number;
  readonly trajectoriesPerShard?: number;
  readonly recipe?: Recipe;
  /** Whose workers render; without one this process does. They open the world by its name. */
  readonly engine?: Engine;
}

export const TRAJECTORIES_PER_SHARD = 20;
const TASK = "lib/world/dataset/shard-task.ts";

/** The part of a world that data and models are told. */
export const describe = ({ name, camera, step, pitchLimit }: WorldDescription): WorldDescription => ({
  name,
  camera,
  step,
  pitchLimit,
});

/** @throws UserError on numbers that make no data set */
export function descriptionOf(options: MakeOptions): DatasetDescription {
  const { world, split, seed, trajectories, latents, trajectoriesPerShard = TRAJECTORIES_PER_SHARD } = options;
  for (const [name, value] of Object.entries({ trajectories, latents, trajectoriesPerShard })) {
    if (!Number.isInteger(value) || value < 1)
      throw new UserError(`the number of ${name} is ${value}`, "give a whole number, 1 or more");
  }
  if (!Number.isInteger(seed) || seed < 0) throw new UserError(`the seed is ${seed}`, "give a whole number, 0 or more");
  const recipe = options.recipe ?? RECIPES[split];
  return { format: FORMAT, world: describe(world), split, seed, trajectories, latents, trajectoriesPerShard, recipe };
}

/** Makes a data set, or what is missing of it. @throws UserError where the folder holds another one, or is in use */
export async function makeDataset(options: MakeOptions): Promise<Manifest> {
  const description = descriptionOf(options);
  const release = ownFolder(options.dir, "the making of a data set");
  try {
    return await makeMissing(options, description);
  } finally {
    release();
  }
}

async function makeMissing({ dir, world, engine }: MakeOptions, description: DatasetDescription): Promise<Manifest> {
  const shards = finishedShards(dir, description);
  const inOrder = (): Manifest => ({ description, shards: [...shards.values()].sort((a, b) => a.shard - b.shard) });
  const missing = Array.from({ length: shardsOf(description) }, (_, shard) => shard).filter((s) => !shards.has(s));
  const frames = framesOf(description.latents);
  const kept = [...shards.values()].reduce((sum, { levelSeeds }) => sum + levelSeeds.length, 0);
  const name = `${world.name}/${description.split}`;
  const progress = new Progress(name, description.trajectories * frames, kept * frames, { unit: "frames" });
  writeManifest(dir, inOrder());
  const finish = (made: Shard): void => {
    const entry = writeShard(dir, made);
    shards.set(entry.shard, entry);
    writeManifest(dir, inOrder());
    progress.advance(trajectoriesOf(description, entry.shard).length * frames);
  };
  if (engine) {
    const jobs = missing.map((shard) => ({ input: { description, shard } }));
    await engine.run<ShardJob, Shard>(TASK, jobs, { onResult: finish });
  } else for (const shard of missing) finish(await makeShard(world, description, shard));
  progress.finish();
  return inOrder();
}

/** What an earlier run with the same description has left whole; it may have asked for fewer trajectories. */
function finishedShards(dir: string, description: DatasetDescription): Map<number, Manifest["shards"][number]> {
  const manifest = findManifest(dir);
  if (!manifest) return new Map();
  const grown = { ...manifest.description, trajectories: description.trajectories };
  const same = JSON.stringify(grown) === JSON.stringify(description);
  if (!same || manifest.description.trajectories > description.trajectories) {
    throw new UserError(
      `${dir} holds a data set of another description`,
      "choose another folder, delete this one, or ask for more trajectories of the same kind",
    );
  }
  const whole = manifest.shards.filter(
    ({ shard, levelSeeds, files }) =>
      levelSeeds.length === trajectoriesOf(description, shard).length &&
      Object.entries(files).every(([file, print]) => isIntact(join(dir, file), print)),
  );
  return new Map(whole.map((entry) => [entry.shard, entry]));
}
