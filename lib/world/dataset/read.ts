/** Opens data sets. */
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import type { Pose } from "../camera.ts";
import { framesOf } from "../config.ts";
import { readChecked } from "./check.ts";
import { decodeFrames } from "./frames.ts";
import { actionsFile, findManifest, framesFile, type Manifest, posesFile, type ShardEntry } from "./manifest.ts";
import { decodeColumns } from "./parquet.ts";

/** One trajectory as stored: L latents, F = 4 L - 3 frames. */
export interface Recording {
  readonly levelSeed: number;
  /** [L], 0 to 80. */
  readonly actions: Uint8Array;
  /** [F] */
  readonly poses: readonly Pose[];
}

export interface Dataset {
  readonly manifest: Manifest;
  /** Trajectories that are there: those of finished shards. */
  readonly trajectories: number;
  recording(i: number): Recording;
  /** The frames of trajectory i, [F, height, width, 3]; a shard's are checked against the manifest when first read. */
  frames(i: number): Uint8Array;
}

interface Track {
  recording: Recording;
  entry: ShardEntry;
  /** Where in the frames file its frames lie. */
  range: readonly [number, number];
}

/** Opens a folder made by `makeDataset`, finished or still growing (then only what is finished is seen). */
export async function openDataset(dir: string): Promise<Dataset> {
  const manifest = findManifest(dir);
  if (!manifest) throw new UserError(`${dir} holds no data set`, "make one with `npm run train -- --only data`");
  const tracks = (await Promise.all(manifest.shards.map((entry) => readTracks(dir, manifest, entry)))).flat();
  const checked = new Set<number>();
  const track = (i: number): Track => {
    if (tracks[i]) return tracks[i];
    throw new UserError(`${dir} has no trajectory ${i}`, `ask for one of 0 to ${tracks.length - 1}`);
  };
  return {
    manifest,
    trajectories: tracks.length,
    recording: (i) => track(i).recording,
    frames: (i) => readFrames(dir, manifest, track(i), checked),
  };
}

async function readTracks(dir: string, manifest: Manifest, entry: ShardEntry): Promise<Track[]> {
  const table = (name: string) => decodeColumns(readChecked(join(dir, name), entry.files[name]));
  const [{ action }, poses] = [await table(actionsFile(entry.shard)), await table(posesFile(entry.shard))];
  const { latents } = manifest.description;
  const frames = framesOf(latents);
  const poseAt = (row: number): Pose => ({
    x: poses.x[row],
    z: poses.z[row],
    yaw: poses.yaw[row],
    pitch: poses.pitch[row],
  });
  let end = 0;
  return entry.levelSeeds.map((levelSeed, i) => {
    const begin = end;
    end += entry.frameBytes[i];
    const actions = Uint8Array.from(action.subarray(i * latents, (i + 1) * latents));
    const path = Array.from({ length: frames }, (_, frame) => poseAt(i * frames + frame));
    return { recording: { levelSeed, actions, poses: path }, entry, range: [begin, end] };
  });
}

function readFrames(dir: string, manifest: Manifest, { entry, range }: Track, checked: Set<number>): Uint8Array {
  const name = framesFile(entry.shard);
  const path = join(dir, name);
  if (!checked.has(entry.shard)) readChecked(path, entry.files[name]);
  checked.add(entry.shard);
  const frames = decodeFrames(readRange(path, ...range));
  const { world, latents } = manifest.description;
  if (frames.length === framesOf(latents) * world.camera.width * world.camera.height * 3) return frames;
  throw new UserError(`${path} holds frames of another size`, "delete the folder and make the data set again");
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
