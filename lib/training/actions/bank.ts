/** What a classifier learns from: features of recorded latents, of true, reconstructed, and soft and noisy pictures. */
import * as tf from "@tensorflow/tfjs-core";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { type FeatureDesign, gridOf } from "../../rewards/actions/features.ts";
import { groupsOf, groupTensor } from "../../rewards/actions/reading.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { joinBytes } from "../../util/arrays.ts";
import { Progress } from "../../util/progress.ts";
import { Rng } from "../../util/rng.ts";
import type { Dataset } from "../../world/dataset/read.ts";
import type { CameraModel } from "../../world/world.ts";
import { degraded } from "./soften.ts";

export interface FeatureBank {
  readonly design: FeatureDesign;
  readonly camera: CameraModel;
  /** Features of each version of the same n latents, [n, rows, columns, channels], times LEVELS. */
  readonly versions: readonly Int8Array[];
  /** [n] */
  readonly actions: Uint8Array;
}

/** Features of about -1..1 are kept as whole numbers, so many to 1. */
export const LEVELS = 100;

export interface BankOptions {
  readonly seed: number;
  /** Trajectories taken: `first` to `first + count - 1`. */
  readonly first: number;
  readonly count: number;
  /** Largest standard deviation of the noise on latents of reconstructed versions. */
  readonly latentNoise: number;
  /** Largest noise of soft pictures, in shares of white. */
  readonly noise: number;
}

/** The versions of one trajectory's frames. */
function versionsOf(
  frames: Uint8Array,
  camera: CameraModel,
  tokeniser: Tokeniser | undefined,
  { latentNoise, noise }: BankOptions,
  rng: Rng,
): Uint8Array[] {
  const soft = (video: Uint8Array): Uint8Array => degraded(video, camera, rng.uniform(), rng.uniform(0, noise), rng);
  if (!tokeniser) return [frames, soft(frames)];
  const latents = tokeniser.encode(frames);
  // As often as not without noise: what generated pictures are at best.
  const deviation = Math.max(0, rng.uniform(-latentNoise, latentNoise));
  const made = tokeniser.decode(latents.map((value) => value + deviation * rng.normal()));
  return [frames, made, soft(rng.uniform() < 0.5 ? frames : made)];
}

/** A design's features of videos of so many groups. */
function extractor(design: FeatureDesign, camera: CameraModel, groups: number): (video: Uint8Array) => Int8Array {
  const run = compile((frames: tf.Tensor) => design.features(frames, camera), { name: `${design.name} features` });
  return (video) => {
    const frames = groupTensor(groupsOf([video], camera).groups, camera, groups);
    const found = run(frames);
    const values = found.dataSync() as Float32Array;
    tf.dispose([frames, found]);
    return Int8Array.from(values, (value) => Math.max(-127, Math.min(127, Math.round(LEVELS * value))));
  };
}

/** Reads, reconstructs and degrades, once for all designs. Without a tokeniser nothing is reconstructed. */
export function fillBanks(
  designs: readonly FeatureDesign[],
  dataset: Dataset,
  tokeniser: Tokeniser | undefined,
  options: BankOptions,
): FeatureBank[] {
  const { world, latents } = dataset.manifest.description;
  const { camera } = world;
  const extract = designs.map((design) => extractor(design, camera, latents - 1));
  const parts: Int8Array[][][] = designs.map(() => []);
  const actions: Uint8Array[] = [];
  const progress = new Progress("features", options.count, 0, { unit: "trajectories" });
  for (let i = options.first; i < options.first + options.count; i++) {
    const rng = Rng.of(options.seed, "features", i);
    const videos = versionsOf(dataset.frames(i), camera, tokeniser, options, rng);
    for (const [d, own] of extract.entries()) parts[d].push(videos.map(own));
    actions.push(dataset.recording(i).actions.subarray(1));
    progress.advance();
  }
  progress.finish();
  return designs.map((design, d) => ({
    design,
    camera,
    versions: parts[d][0].map((_, v) => joinSigned(parts[d].map((trajectory) => trajectory[v]))),
    actions: joinBytes(actions),
  }));
}

function joinSigned(parts: readonly Int8Array[]): Int8Array {
  const bytes = joinBytes(parts.map(({ buffer, byteOffset, length }) => new Uint8Array(buffer, byteOffset, length)));
  return new Int8Array(bytes.buffer);
}

/** Numbers of one latent. */
export function latentNumbers({ design, camera }: Pick<FeatureBank, "design" | "camera">): number {
  const { rows, columns } = gridOf(camera);
  return rows * columns * design.channels;
}
