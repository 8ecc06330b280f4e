import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { Progress } from "../../util/progress.ts";
import { framesOf, type Split } from "../index.ts";
import { isIntact } from "./check.ts";
import {
  type DatasetConfig,
  FORMAT,
  findManifest,
  frameShape,
  type Manifest,
  type ShardEntry,
  shardsOf,
  writeManifest,
} from "./manifest.ts";
import { RECIPES, type Recipe } from "./recipe.ts";
import { trajectoriesOf } from "./shard.ts";
import { type Crew, inProcess, withWorkers } from "./workers.ts";

export interface GenerateOptions {
  readonly dir: string;
  readonly split: Split;
  readonly trajectories: number;
  readonly latents: number;
  readonly seed: number;
  readonly trajectoriesPerShard?: number;
  readonly recipe?: Recipe;
  /** Processes that render; 1 renders in this one. */
  readonly workers?: number;
}

export const TRAJECTORIES_PER_SHARD = 20;

export function configOf(options: GenerateOptions): DatasetConfig {
  const { split, seed, trajectories, latents } = options;
  const trajectoriesPerShard = options.trajectoriesPerShard ?? TRAJECTORIES_PER_SHARD;
  for (const [name, value] of Object.entries({ trajectories, latents, trajectoriesPerShard })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UserError(`The number of ${name} is ${value}.`, "Give a whole number, 1 or more.");
    }
  }
  if (!Number.isInteger(seed) || seed < 0)
    throw new UserError(`The seed is ${seed}.`, "Give a whole number, 0 or more.");
  const recipe = options.recipe ?? RECIPES[split];
  return { format: FORMAT, split, seed, trajectories, latents, trajectoriesPerShard, frame: frameShape, recipe };
}

/** Makes a data set, or what is missing of it; finished shards whose files are intact are kept. */
export async function generateDataset(options: GenerateOptions): Promise<Manifest> {
  const config = configOf(options);
  const { dir } = options;
  const shards = finishedShards(dir, config);
  const missing = Array.from({ length: shardsOf(config) }, (_, shard) => shard).filter((shard) => !shards.has(shard));
  const workers = Math.min(options.workers ?? 1, missing.length);
  const crew = workers > 1 ? withWorkers(workers) : inProcess;
  await makeShards(dir, config, shards, missing, crew);
  return inOrder(config, shards);
}

async function makeShards(
  dir: string,
  config: DatasetConfig,
  shards: Map<number, ShardEntry>,
  missing: number[],
  crew: Crew,
) {
  const frames = framesOf(config.latents);
  const kept = [...shards.values()].reduce((sum, entry) => sum + entry.sceneSeeds.length, 0);
  const progress = new Progress(config.split, config.trajectories * frames, kept * frames, { unit: "frames" });
  writeManifest(dir, inOrder(config, shards));
  await crew({ dir, config, shards: missing }, (entry) => {
    shards.set(entry.shard, entry);
    writeManifest(dir, inOrder(config, shards));
    progress.advance(trajectoriesOf(config, entry.shard).length * frames);
  });
  progress.finish();
}

const inOrder = (config: DatasetConfig, shards: Map<number, ShardEntry>): Manifest => ({
  config,
  shards: [...shards.values()].sort((a, b) => a.shard - b.shard),
});

/** What an earlier run with the same configuration has left whole; it may have asked for fewer trajectories. */
function finishedShards(dir: string, config: DatasetConfig): Map<number, ShardEntry> {
  const manifest = findManifest(dir);
  if (!manifest) return new Map();
  const grown = { ...manifest.config, trajectories: config.trajectories };
  if (JSON.stringify(grown) !== JSON.stringify(config) || manifest.config.trajectories > config.trajectories) {
    throw new UserError(
      `${dir} holds a data set of another configuration.`,
      "Choose another --out, delete the folder, or ask for more trajectories of the same kind.",
    );
  }
  const whole = ({ shard, sceneSeeds }: ShardEntry) => sceneSeeds.length === trajectoriesOf(config, shard).length;
  const intact = ({ files }: ShardEntry) =>
    Object.entries(files).every(([name, print]) => isIntact(join(dir, name), print));
  return new Map(manifest.shards.filter((entry) => whole(entry) && intact(entry)).map((entry) => [entry.shard, entry]));
}

/** The small data set that is part of the repository. */
export const SAMPLE: GenerateOptions = {
  dir: "data/sample/pretrain",
  split: "pretrain",
  trajectories: 3,
  latents: 17,
  seed: 0,
};
