/** A data set's folder: its description and what is finished of it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../util/errors.ts";
import { type Fingerprint, writeJson } from "../../util/files.ts";
import { count, positive, text, whole } from "../../util/schema.ts";
import { readRecord } from "../../util/strict-json.ts";
import { SPLITS, type Split } from "../splits.ts";
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
const AGAIN = "delete the folder and make the data set again with `npm run train -- --only data`";

export const writeManifest = (dir: string, manifest: Manifest): void => writeJson(join(dir, MANIFEST), manifest);

/** The manifest of a data set's folder, or undefined where there is none. @throws UserError on one that cannot be read */
export function findManifest(dir: string): Manifest | undefined {
  const path = join(dir, MANIFEST);
  if (!existsSync(path)) return undefined;
  const record = readRecord(path, AGAIN);
  const { description } = record as { description?: { format?: unknown } };
  if (description?.format !== FORMAT) throw new UserError(`${path} is not of data format ${FORMAT}`, AGAIN);
  const parsed = schema.safeParse(record);
  // The record itself, not what zod makes of it: caches are named by its text, the order of its keys included.
  if (parsed.success) return record as unknown as Manifest;
  const [{ path: where, message }] = parsed.error.issues;
  throw new UserError(`${path}: ${where.join(".")}: ${message}`, AGAIN);
}

/** What a reader relies on; a recipe is only compared. */
const schema = z.object({
  description: z.looseObject({
    world: z.looseObject({
      name: text(),
      camera: z.looseObject({ width: count(), height: count(), focal: positive() }),
      step: z.record(z.string(), positive()),
    }),
    split: z.enum(SPLITS),
    seed: whole(),
    trajectories: count(),
    latents: count(),
    trajectoriesPerShard: count(),
    recipe: z.looseObject({}),
  }),
  shards: z.array(
    z.object({
      shard: whole(),
      levelSeeds: z.array(whole()),
      frameBytes: z.array(whole()),
      files: z.record(z.string(), z.object({ bytes: whole(), sha256: z.string().length(64) })),
    }),
  ),
});
