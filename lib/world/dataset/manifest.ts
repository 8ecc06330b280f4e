/** A data set's folder: its description and what is finished of it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { type Fingerprint, writeJson } from "../../util/files.ts";
import type { Split } from "../splits.ts";
import type { WorldDescription } from "../world.ts";
import type { Recipe } from "./recipes.ts";

/** Raised whenever the meaning of the files changes. */
export const FORMAT = 4;

/** What a data set is made from; the same description always gives the same bytes. */
export interface DatasetDescription {
  readonly format: number;
  /** The world's name, camera model and step sizes: all that a model is told of it. */
  readonly world: WorldDescription;
  readonly split: Split;
  readonly seed: number;
  readonly trajectories: number;
  readonly latents: number;
  readonly trajectoriesPerShard: number;
  readonly recipe: Recipe;
  /** SHA-256 of what recordings were imported from; made data have none. */
  readonly origin?: string;
}

/** A finished shard: its trajectories and its files. */
export interface ShardEntry {
  readonly shard: number;
  readonly levelSeeds: readonly number[];
  /** Bytes of each trajectory's compressed frames, one after the other in the frames file. */
  readonly frameBytes: readonly number[];
  readonly files: Readonly<Record<string, Fingerprint>>;
}

export interface Manifest {
  readonly description: DatasetDescription;
  /** Finished shards in order; fewer than planned while the data set is being made. */
  readonly shards: readonly ShardEntry[];
}

export const shardsOf = ({ trajectories, trajectoriesPerShard }: DatasetDescription): number =>
  Math.ceil(trajectories / trajectoriesPerShard);

const name = (shard: number): string => `shard-${String(shard).padStart(4, "0")}`;
export const actionsFile = (shard: number): string => `${name(shard)}.actions.parquet`;
export const posesFile = (shard: number): string => `${name(shard)}.poses.parquet`;
export const framesFile = (shard: number): string => `${name(shard)}.frames.br`;

const MANIFEST = "manifest.json";
const AGAIN = "delete the folder and make the data set again with `npm run data`";

export const writeManifest = (dir: string, manifest: Manifest): void => writeJson(join(dir, MANIFEST), manifest);

/** The manifest of a data set's folder, or undefined where there is none. @throws UserError on one that cannot be read */
export function findManifest(dir: string): Manifest | undefined {
  const path = join(dir, MANIFEST);
  if (!existsSync(path)) return undefined;
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch (cause) {
    throw new UserError(`${path} is not a data set's manifest`, AGAIN, { cause });
  }
  if (Array.isArray(manifest.shards) && manifest.description?.format === FORMAT) return manifest;
  throw new UserError(`${path} is not of data format ${FORMAT}`, AGAIN);
}
