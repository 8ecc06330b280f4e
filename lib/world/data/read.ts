import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { FRAME_BYTES, framesOf } from "../index.ts";
import { readChecked } from "./check.ts";
import { decodeFrames } from "./frames.ts";
import { actionsFile, findManifest, framesFile, type Manifest, posesFile, type ShardEntry } from "./manifest.ts";
import { decodeColumns } from "./parquet.ts";

/** One trajectory as stored: L latents, F = 4 L - 3 frames. */
export interface Recording {
  readonly sceneSeed: number;
  /** [L], the actions of the key log and those that were carried out. */
  readonly commanded: Uint8Array;
  readonly executed: Uint8Array;
  /** [F, 4]: x, z, yaw, pitch of each frame. */
  readonly poses: Float64Array;
  /** [F, HEIGHT, WIDTH, 3]. */
  readonly frames: Uint8Array;
}

export interface Dataset {
  readonly manifest: Manifest;
  /** Trajectories that are there: those of finished shards. */
  readonly trajectories: number;
  /** Trajectory `i` with its frames; a shard's frames are checked against the manifest when first read. */
  read(i: number): Recording;
  /** Trajectory `i` without its frames. */
  describe(i: number): Omit<Recording, "frames">;
}

type Track = Omit<Recording, "frames"> & {
  readonly entry: ShardEntry;
  /** Where in the frames file its frames lie. */
  readonly range: readonly [number, number];
};

/** Opens a folder made by `generateDataset`, finished or still growing (then only what is finished is seen). */
export async function openDataset(dir: string): Promise<Dataset> {
  const manifest = findManifest(dir);
  if (!manifest) throw new UserError(`${dir} holds no data set.`, "Make one with `npm run data`.");
  const tracks = (await Promise.all(manifest.shards.map((entry) => readTracks(dir, manifest, entry)))).flat();
  const checked = new Set<number>();
  const describe = (i: number): Track => {
    if (tracks[i]) return tracks[i];
    throw new UserError(`${dir} has no trajectory ${i}.`, `Ask for one of 0 to ${tracks.length - 1}.`);
  };
  return {
    manifest,
    trajectories: tracks.length,
    describe,
    read: (i) => ({ ...describe(i), frames: readFrames(dir, manifest, describe(i), checked) }),
  };
}

async function readTracks(dir: string, manifest: Manifest, entry: ShardEntry): Promise<Track[]> {
  const table = (name: string) => decodeColumns(readChecked(join(dir, name), entry.files[name]));
  const [actions, poses] = [await table(actionsFile(entry.shard)), await table(posesFile(entry.shard))];
  const latents = manifest.config.latents;
  const frames = framesOf(latents);
  let end = 0;
  return entry.sceneSeeds.map((sceneSeed, i) => {
    const begin = end;
    end += entry.frameBytes[i];
    const rows = [i * latents, (i + 1) * latents] as const;
    return {
      sceneSeed,
      commanded: Uint8Array.from(actions.commanded.subarray(...rows)),
      executed: Uint8Array.from(actions.executed.subarray(...rows)),
      poses: interleave([poses.x, poses.z, poses.yaw, poses.pitch], i * frames, frames),
      entry,
      range: [begin, end] as const,
    };
  });
}

/** Rows `start` to `start + rows` of the columns, row by row. */
function interleave(columns: Float64Array[], start: number, rows: number): Float64Array {
  const out = new Float64Array(rows * columns.length);
  for (let i = 0; i < out.length; i++) out[i] = columns[i % columns.length][start + Math.floor(i / columns.length)];
  return out;
}

function readFrames(dir: string, manifest: Manifest, { entry, range }: Track, checked: Set<number>): Uint8Array {
  const name = framesFile(entry.shard);
  const path = join(dir, name);
  if (!checked.has(entry.shard)) readChecked(path, entry.files[name]);
  checked.add(entry.shard);
  const frames = decodeFrames(readRange(path, ...range));
  if (frames.length !== framesOf(manifest.config.latents) * FRAME_BYTES) {
    throw new UserError(`${path} holds frames of another size.`, "Delete the folder and run `npm run data` again.");
  }
  return frames;
}

function readRange(path: string, begin: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - begin);
  const file = openSync(path, "r");
  try {
    readSync(file, bytes, 0, bytes.length, begin);
  } finally {
    closeSync(file);
  }
  return bytes;
}
