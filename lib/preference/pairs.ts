/** Ranked pairs, drawn from films: which of two pictures of one video is better, and what kind of difference it is. */
import type { Rng } from "../util/rng.ts";
import type { Film, Moment } from "./bank.ts";
import { drawSpoil, SPOIL_KINDS, type SpoilKind } from "./corrupt.ts";
import { LATENT_SPOIL_KINDS, type LatentSpoilKind } from "./latents.ts";

export interface RankedPair {
  readonly better: Uint8Array;
  readonly worse: Uint8Array;
  /** The video's first frame. */
  readonly first: Uint8Array;
}

const ofTruth = ["reconstruction"] as const;
/** `sample`: the true picture, reconstructed, against the model's; `depth`: an early clip of the model's against a late. */
const ofSamples = ["sample", "depth"] as const;

export type PairKind = SpoilKind | `latent-${LatentSpoilKind}` | (typeof ofTruth)[number] | (typeof ofSamples)[number];

/** The kinds that films allow: those of samples only where a model has made some. */
export function pairKinds(films: readonly Film[]): PairKind[] {
  const latent = LATENT_SPOIL_KINDS.map((kind): PairKind => `latent-${kind}`);
  const samples = films.some((film) => film.samples.length > 0) ? ofSamples : [];
  return [...ofTruth, ...SPOIL_KINDS, ...latent, ...samples];
}

/** Clips between the two pictures of a `depth` pair, at least. */
const DEPTH_GAP = 2;
const LEAST_SEVERITY = 0.15;

function spoiledPair(base: Uint8Array, kind: SpoilKind, first: Uint8Array, rng: Rng): RankedPair {
  const spoil = drawSpoil(kind, rng);
  const severity = rng.uniform(LEAST_SEVERITY, 1);
  const better = rng.uniform() < 0.6 ? base : spoil(base, severity * rng.uniform(0.1, 0.55));
  return { better, worse: spoil(base, severity), first };
}

function latentPair({ reconstruction, spoiled }: Moment, kind: LatentSpoilKind, first: Uint8Array, rng: Rng) {
  const [mild, gross] = spoiled[kind];
  const better = rng.uniform() < 0.6 ? reconstruction : mild;
  return { better, worse: better === mild || rng.uniform() < 0.5 ? gross : mild, first };
}

function samplePair(film: Film, kind: (typeof ofSamples)[number], rng: Rng): RankedPair {
  const { samples, first } = film;
  const one = rng.pick(samples);
  if (kind === "sample") return { better: one.reconstruction, worse: one.sample, first };
  const deepest = samples[samples.length - 1].clip;
  const early = rng.pick(samples.filter(({ clip }) => clip <= deepest - DEPTH_GAP));
  const late = rng.pick(samples.filter(({ clip }) => clip >= early.clip + DEPTH_GAP));
  return { better: early.sample, worse: late.sample, first };
}

/** Films with and without a model's samples. */
export interface Films {
  readonly real: readonly Film[];
  readonly made: readonly Film[];
}

const isOf = <T extends string>(kind: string, kinds: readonly T[]): kind is T => kinds.some((k) => k === kind);

export function drawPair({ real, made }: Films, kind: PairKind, rng: Rng): RankedPair {
  if (isOf(kind, ofSamples)) return samplePair(rng.pick(made), kind, rng);
  const { moments, first } = rng.pick(real);
  const moment = rng.pick(moments);
  if (isOf(kind, ofTruth)) return { better: moment.truth, worse: moment.reconstruction, first };
  if (isOf(kind, SPOIL_KINDS)) {
    const film = made.length > 0 && rng.uniform() < 0.3 ? rng.pick(made) : undefined;
    if (film) return spoiledPair(rng.pick(film.samples).sample, kind, film.first, rng);
    return spoiledPair(rng.uniform() < 0.8 ? moment.reconstruction : moment.truth, kind, first, rng);
  }
  return latentPair(moment, kind.slice("latent-".length) as LatentSpoilKind, first, rng);
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
