/** Ranked pairs of a model's own pictures. There are no people to ask, but there is the true picture. */
import { compareFidelity } from "./fidelity.ts";
import type { MadeFilm, Origin, Sample, Version } from "./films.ts";

export interface RankedPair {
  readonly better: Uint8Array;
  readonly worse: Uint8Array;
  /** The video's first frame. */
  readonly first: Uint8Array;
}

/**
 * `sample`: the true picture, reconstructed, over the model's. `renoised`: the true picture over a denoised one, and
 * less noised over more. `depth`: two of one moment, one continued from the true clips, the other from the model's own;
 * `branch`: both from the model's own, as reinforcement learning compares them. In the last two the better is the one
 * nearer to the truth; where that is unclear there is no pair.
 */
export const MADE_KINDS = ["sample", "renoised", "depth", "branch"] as const;
export type MadeKind = (typeof MADE_KINDS)[number];

type Ordered = readonly [better: Uint8Array, worse: Uint8Array];

/** How much noise a version was made from. */
const noiseOf = (origin: Origin): number => (typeof origin === "number" ? origin : 1);
const isRenoised = ({ origin }: Version): boolean => typeof origin === "number";

/** All pairs of versions for which `better` says that the first is the better. */
const where = (versions: readonly Version[], better: (a: Version, b: Version) => boolean): Ordered[] =>
  versions.flatMap((a) => versions.filter((b) => better(a, b)).map((b) => [a.picture, b.picture] as const));

const nearer = (a: Version, b: Version): boolean => compareFidelity(a.fidelity, b.fidelity) > 0;

const ORDERS: Record<MadeKind, (sample: Sample) => Ordered[]> = {
  sample: ({ reconstruction, versions }) =>
    versions.filter((version) => !isRenoised(version)).map(({ picture }) => [reconstruction, picture]),
  renoised: ({ reconstruction, versions }) => {
    const degrees = versions.filter((version) => version.origin !== "own");
    const overDenoised = versions.filter(isRenoised).map(({ picture }): Ordered => [reconstruction, picture]);
    return [...overDenoised, ...where(degrees, (a, b) => noiseOf(a.origin) < noiseOf(b.origin))];
  },
  depth: ({ versions }) => {
    const sampled = versions.filter((version) => !isRenoised(version));
    return where(sampled, (a, b) => a.origin !== b.origin && nearer(a, b));
  },
  branch: ({ versions }) =>
    where(
      versions.filter(({ origin }) => origin === "own"),
      nearer,
    ),
};

/** Every ranked pair of a kind. */
export const rankedPairs = (films: readonly MadeFilm[], kind: MadeKind): RankedPair[] =>
  films.flatMap(({ first, samples }) =>
    samples.flatMap((sample) => ORDERS[kind](sample).map(([better, worse]) => ({ better, worse, first }))),
  );
