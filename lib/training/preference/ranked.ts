/** Ranked pairs of a model's own pictures. There are no people to ask, but there is the true picture. */
import { compareFidelity } from "./fidelity.ts";
import type { GeneratedKeyframe, GeneratedVideo, Origin, Version } from "./generated.ts";

export interface RankedPair {
  readonly better: Uint8Array;
  readonly worse: Uint8Array;
  /** The video's first frame. */
  readonly first: Uint8Array;
}

/**
 * `sample`: the true picture, reconstructed, over the model's. `partial`: the true picture over a denoised one, and
 * less noised over more. `depth`: two of one keyframe, one continued from the true clips, the other from the model's own;
 * `branch`: both from the model's own, as reinforcement learning compares them. In the last two the better is the one
 * nearer to the truth; where that is unclear there is no pair.
 */
export const MADE_KINDS = ["sample", "partial", "depth", "branch"] as const;
export type MadeKind = (typeof MADE_KINDS)[number];

type Ordered = readonly [better: Uint8Array, worse: Uint8Array];

/** How much noise a version was made from. */
const noiseOf = (origin: Origin): number => (typeof origin === "number" ? origin : 1);
const isPartial = ({ origin }: Version): boolean => typeof origin === "number";

/** All pairs of versions for which `better` says that the first is the better. */
const where = (versions: readonly Version[], better: (a: Version, b: Version) => boolean): Ordered[] =>
  versions.flatMap((a) => versions.filter((b) => better(a, b)).map((b) => [a.picture, b.picture] as const));

const nearer = (a: Version, b: Version): boolean => compareFidelity(a.fidelity, b.fidelity) > 0;

const ORDERS: Record<MadeKind, (sample: GeneratedKeyframe) => Ordered[]> = {
  sample: ({ reconstruction, versions }) =>
    versions.filter((version) => !isPartial(version)).map(({ picture }) => [reconstruction, picture]),
  partial: ({ reconstruction, versions }) => {
    const degrees = versions.filter((version) => version.origin !== "own");
    const overDenoised = versions.filter(isPartial).map(({ picture }): Ordered => [reconstruction, picture]);
    return [...overDenoised, ...where(degrees, (a, b) => noiseOf(a.origin) < noiseOf(b.origin))];
  },
  depth: ({ versions }) => {
    const sampled = versions.filter((version) => !isPartial(version));
    return where(sampled, (a, b) => a.origin !== b.origin && nearer(a, b));
  },
  branch: ({ versions }) =>
    where(
      versions.filter(({ origin }) => origin === "own"),
      nearer,
    ),
};

/** Every ranked pair of a kind. */
export const rankedPairs = (videos: readonly GeneratedVideo[], kind: MadeKind): RankedPair[] =>
  videos.flatMap(({ first, keyframes }) =>
    keyframes.flatMap((sample) => ORDERS[kind](sample).map(([better, worse]) => ({ better, worse, first }))),
  );
