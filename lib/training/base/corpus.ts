/** A data set in memory, encoded: latents of every clip, actions and the camera's true path. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CLIP_LATENTS } from "../../model/clip.ts";
import { type CameraTrajectory, cameraSegment } from "../../model/context.ts";
import type { LatentShape } from "../../model/dit/config.ts";
import { clipSize } from "../../model/dit/config.ts";
import { TOKENISER } from "../../model/tokeniser/config.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { sha256, writeAtomic } from "../../util/files.ts";
import { Progress } from "../../util/progress.ts";
import type { Dataset, Recording } from "../../world/dataset/read.ts";
import type { WorldDescription } from "../../world/world.ts";

export interface Corpus {
  readonly world: WorldDescription;
  readonly latent: LatentShape;
  readonly trajectories: number;
  /** Whole clips of each trajectory. */
  readonly clips: number;
  /** Latents of one clip, [4, rows, columns, channels]. */
  latents(trajectory: number, clip: number): Float32Array;
  /** Four actions of one clip. */
  actions(trajectory: number, clip: number): Uint8Array;
  paths(trajectory: number): readonly CameraTrajectory[];
  /** What is recalled before clip 1 or a later one, like `latents`; of corpora for models that recall. */
  recalled?(trajectory: number, clip: number): Float32Array;
  /** The first picture, [height, width, 3] bytes. */
  firstFrame(trajectory: number): Uint8Array;
}

export const latentShapeOf = ({ channels }: Tokeniser): LatentShape => ({
  rows: TOKENISER.latentHeight,
  columns: TOKENISER.latentWidth,
  channels,
});

function clipPaths({ poses }: Recording, clips: number): CameraTrajectory[] {
  const latents = Array.from({ length: clips * CLIP_LATENTS }, (_, latent) => cameraSegment(poses, latent));
  return Array.from({ length: clips }, (_, n) => latents.slice(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS));
}

/** Encodes every trajectory, or reads what was encoded before with the same tokeniser and data (`cacheDir`). */
export function openCorpus(dataset: Dataset, tokeniser: Tokeniser, cacheDir = ".cache/latents"): Corpus {
  const { trajectories, manifest } = dataset;
  const latent = latentShapeOf(tokeniser);
  const clips = Math.floor(manifest.description.latents / CLIP_LATENTS);
  const key = sha256(Buffer.from(JSON.stringify([tokeniser.sha256, manifest.description, trajectories]))).slice(0, 16);
  const size = clipSize(latent);
  const values = encoded(join(cacheDir, `${key}.f32`), dataset, tokeniser, clips * size);
  const paths = Array.from({ length: trajectories }, (_, i) => clipPaths(dataset.recording(i), clips));
  const { width, height } = manifest.description.world.camera;
  return {
    world: manifest.description.world,
    latent,
    trajectories,
    clips,
    latents: (i, clip) => values.subarray((i * clips + clip) * size, (i * clips + clip + 1) * size),
    actions: (i, clip) => dataset.recording(i).actions.subarray(clip * CLIP_LATENTS, (clip + 1) * CLIP_LATENTS),
    paths: (i) => paths[i],
    firstFrame: (i) => dataset.frames(i).subarray(0, width * height * 3),
  };
}

/** Latents of all trajectories, `size` numbers each. */
function encoded(path: string, dataset: Dataset, tokeniser: Tokeniser, size: number): Float32Array {
  const { trajectories } = dataset;
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    if (bytes.length === 4 * size * trajectories)
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }
  const out = new Float32Array(size * trajectories);
  const progress = new Progress("encoding the data", trajectories, 0, { unit: "trajectories" });
  for (let i = 0; i < trajectories; i++) {
    out.set(tokeniser.encode(dataset.frames(i)).subarray(0, size), i * size);
    progress.advance();
  }
  progress.finish();
  writeAtomic(path, Buffer.from(out.buffer));
  return out;
}
