/** Ranked pairs, drawn anew: which of two pictures of one video is better, and what kind of difference it is. */
import type { PictureSize } from "../../metrics/video.ts";
import type { Rng } from "../../util/rng.ts";
import type { Keyframe, KeyframedVideo } from "./bank.ts";
import { CORRUPTION_KINDS, type CorruptionKind, drawCorruption } from "./corrupt.ts";
import type { GeneratedVideo } from "./generated.ts";
import { LATENT_CORRUPTION_KINDS, type LatentCorruptionKind } from "./latents.ts";
import { MADE_KINDS, type MadeKind, type RankedPair, rankedPairs } from "./ranked.ts";

const ofTruth = ["reconstruction"] as const;

export type PairKind = CorruptionKind | `latent-${LatentCorruptionKind}` | (typeof ofTruth)[number] | MadeKind;

/** Where pairs are drawn from. */
export interface PairSource {
  readonly size: PictureSize;
  readonly real: readonly KeyframedVideo[];
  /** Ranked pictures of models; kinds of which there is none are left out. */
  readonly made: ReadonlyMap<MadeKind, readonly RankedPair[]>;
}

/** @param made of any number of models; may be empty */
export function pairSource(
  size: PictureSize,
  real: readonly KeyframedVideo[],
  made: readonly GeneratedVideo[],
): PairSource {
  const ranked = MADE_KINDS.map((kind) => [kind, rankedPairs(made, kind)] as const);
  return { size, real, made: new Map(ranked.filter(([, pairs]) => pairs.length > 0)) };
}

/** The kinds that there are. */
export function pairKinds({ made }: PairSource): PairKind[] {
  return [
    ...ofTruth,
    ...CORRUPTION_KINDS,
    ...LATENT_CORRUPTION_KINDS.map((kind) => `latent-${kind}` as const),
    ...made.keys(),
  ];
}

const LEAST_SEVERITY = 0.15;

/** What a pair of a corrupted picture also needs. */
interface PairContext {
  readonly first: Uint8Array;
  readonly size: PictureSize;
}

function corruptedPair(base: Uint8Array, kind: CorruptionKind, { first, size }: PairContext, rng: Rng): RankedPair {
  const corrupt = drawCorruption(kind, rng, size);
  const severity = rng.uniform(LEAST_SEVERITY, 1);
  const better = rng.uniform() < 0.6 ? base : corrupt(base, severity * rng.uniform(0.1, 0.55));
  return { better, worse: corrupt(base, severity), first };
}

function latentPair({ reconstruction, corrupted }: Keyframe, kind: LatentCorruptionKind, first: Uint8Array, rng: Rng) {
  const [mild, gross] = corrupted[kind];
  const better = rng.uniform() < 0.6 ? reconstruction : mild;
  return { better, worse: better === mild || rng.uniform() < 0.5 ? gross : mild, first };
}

const isOf = <T extends string>(kind: string, kinds: readonly T[]): kind is T => kinds.some((k) => k === kind);

/** Share of the corrupted pictures that a model has made. */
const CORRUPTED_SAMPLES = 0.3;

export function drawPair({ size, real, made }: PairSource, kind: PairKind, rng: Rng): RankedPair {
  if (isOf(kind, MADE_KINDS)) return rng.pick(made.get(kind) ?? []);
  const { keyframes, first } = rng.pick(real);
  const keyframe = rng.pick(keyframes);
  if (isOf(kind, ofTruth)) return { better: keyframe.truth, worse: keyframe.reconstruction, first };
  if (isOf(kind, CORRUPTION_KINDS)) {
    const samples = made.get("sample");
    const sample = samples && rng.uniform() < CORRUPTED_SAMPLES ? rng.pick(samples) : undefined;
    if (sample) return corruptedPair(sample.worse, kind, { first: sample.first, size }, rng);
    return corruptedPair(rng.uniform() < 0.8 ? keyframe.reconstruction : keyframe.truth, kind, { first, size }, rng);
  }
  return latentPair(keyframe, kind.slice("latent-".length) as LatentCorruptionKind, first, rng);
}

const PERMUTATIONS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** All three pictures mirrored and their colours exchanged, or not: what is right depends on the first frame alone. */
export function augmented({ better, worse, first }: RankedPair, width: number, rng: Rng): RankedPair {
  const order = rng.pick(PERMUTATIONS);
  const mirror = rng.int(2) === 1;
  const turn = (picture: Uint8Array): Uint8Array => {
    const out = new Uint8Array(picture.length);
    for (let pixel = 0; pixel < picture.length / 3; pixel++) {
      const column = pixel % width;
      const source = mirror ? pixel - column + (width - 1 - column) : pixel;
      for (let k = 0; k < 3; k++) out[3 * pixel + k] = picture[3 * source + order[k]];
    }
    return out;
  };
  return { better: turn(better), worse: turn(worse), first: turn(first) };
}
