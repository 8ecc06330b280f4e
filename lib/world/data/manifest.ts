import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { type Fingerprint, writeJson } from "../../util/files.ts";
import { FRAMES_PER_LATENT, HEIGHT, type Split, WIDTH } from "../index.ts";
import type { Recipe } from "./recipe.ts";

export const MANIFEST = "manifest.json";
/** Raised whenever the pictures, the paths or the files change. */
export const FORMAT = 3;

/** What a data set is made from; the same configuration always gives the same bytes. */
export interface DatasetConfig {
  readonly format: number;
  readonly split: Split;
  readonly seed: number;
  readonly trajectories: number;
  readonly latents: number;
  readonly trajectoriesPerShard: number;
  readonly frame: { readonly width: number; readonly height: number; readonly perLatent: number };
  readonly recipe: Recipe;
}

/** A finished shard: its trajectories and its files. */
export interface ShardEntry {
  readonly shard: number;
  readonly firstTrajectory: number;
  readonly sceneSeeds: readonly number[];
  /** Bytes of each trajectory's compressed frames, one after the other in the frames file. */
  readonly frameBytes: readonly number[];
  readonly files: Readonly<Record<string, Fingerprint>>;
}

export interface Manifest {
  readonly config: DatasetConfig;
  /** Finished shards in order; fewer than planned while the data set is being made. */
  readonly shards: readonly ShardEntry[];
}

export const frameShape = { width: WIDTH, height: HEIGHT, perLatent: FRAMES_PER_LATENT };

export const shardsOf = ({ trajectories, trajectoriesPerShard }: DatasetConfig): number =>
  Math.ceil(trajectories / trajectoriesPerShard);

const name = (shard: number): string => `shard-${String(shard).padStart(4, "0")}`;
export const actionsFile = (shard: number): string => `${name(shard)}.actions.parquet`;
export const posesFile = (shard: number): string => `${name(shard)}.poses.parquet`;
export const framesFile = (shard: number): string => `${name(shard)}.frames.br`;

export function writeManifest(dir: string, manifest: Manifest): void {
  writeJson(join(dir, MANIFEST), manifest);
}

/** The manifest of a data set's folder, or undefined where there is none. */
export function findManifest(dir: string): Manifest | undefined {
  const path = join(dir, MANIFEST);
  return existsSync(path) ? parseManifest(path) : undefined;
}

function parseManifest(path: string): Manifest {
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    if (Array.isArray(manifest.shards) && manifest.config.format === FORMAT) return manifest;
  } catch (cause) {
    throw new UserError(`${path} is not a data set's manifest.`, "Delete the folder and run `npm run data` again.", {
      cause,
    });
  }
  throw new UserError(`${path} is not of data format ${FORMAT}.`, "Delete the folder and run `npm run data` again.");
}
