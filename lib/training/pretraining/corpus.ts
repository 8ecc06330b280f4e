/** The pre-training corpus in memory: tokens of every clip, with commanded actions and true cameras. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type LatentPath, latentPath } from "../../model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "../../model/legacy/config.ts";
import { toTokens } from "../../model/legacy/tokens.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { sha256, writeAtomic } from "../../util/files.ts";
import { Progress } from "../../util/progress.ts";
import type { Dataset } from "../../world/data/index.ts";
import type { Pose } from "../../world/index.ts";

export interface Corpus {
  trajectories: number;
  /** Whole clips of each trajectory. */
  clips: number;
  /** Tokens of one clip, [60, 128]. */
  tokens(trajectory: number, clip: number): Float32Array;
  /** Actions of the key log, [latents]. */
  commanded(trajectory: number): Uint8Array;
  /** The true way of the camera through every latent. */
  paths(trajectory: number): LatentPath[];
}

/** [F, 4] numbers -> poses. */
export const posesOf = (values: Float64Array): Pose[] =>
  Array.from({ length: values.length / 4 }, (_, i) => {
    const [x, z, yaw, pitch] = values.subarray(4 * i, 4 * i + 4);
    return { x, z, yaw, pitch };
  });

/** Encodes every trajectory, or reads what was encoded before with the same tokeniser and data (`cacheDir`). */
export function openCorpus(dataset: Dataset, tokeniser: Tokeniser, cacheDir = ".cache/latents"): Corpus {
  const { trajectories } = dataset;
  const clips = Math.floor(dataset.manifest.config.latents / CLIP_LATENTS);
  const key = sha256(
    Buffer.from(JSON.stringify(["scaled", tokeniser.sha256, dataset.manifest.config, trajectories])),
  ).slice(0, 16);
  const tokens = cachedTokens(join(cacheDir, `${key}.f32`), dataset, tokeniser, clips);
  const paths = Array.from({ length: trajectories }, (_, i) => {
    const poses = posesOf(dataset.describe(i).poses);
    return Array.from({ length: clips * CLIP_LATENTS }, (_, latent) => latentPath(poses, latent));
  });
  return {
    trajectories,
    clips,
    tokens: (i, clip) => tokens.subarray((i * clips + clip) * CLIP_SIZE, (i * clips + clip + 1) * CLIP_SIZE),
    commanded: (i) => dataset.describe(i).commanded,
    paths: (i) => paths[i],
  };
}

function cachedTokens(path: string, dataset: Dataset, tokeniser: Tokeniser, clips: number): Float32Array {
  const size = clips * CLIP_SIZE;
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    if (bytes.length === 4 * size * dataset.trajectories)
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }
  const out = new Float32Array(size * dataset.trajectories);
  const progress = new Progress("encoding the corpus", dataset.trajectories, 0, { unit: "trajectories" });
  for (let i = 0; i < dataset.trajectories; i++) {
    out.set(toTokens(tokeniser.encode(dataset.read(i).frames)).subarray(0, size), i * size);
    progress.advance();
  }
  progress.finish();
  writeAtomic(path, Buffer.from(out.buffer));
  return out;
}
