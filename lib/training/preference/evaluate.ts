/** How far the preference model can be trusted: the order of held-out pairs, and agreement with the truth. */
import { psnr, ssim } from "../../metrics/image.ts";
import type { Preference } from "../../rewards/preference/preference.ts";
import { Rng } from "../../util/rng.ts";
import { mean, rankCorrelation } from "../../util/statistics.ts";
import type { GeneratedKeyframe, GeneratedVideo } from "./generated.ts";
import { drawPair, type PairKind, type PairSource, pairKinds } from "./pairs.ts";

export interface PairAccuracy {
  readonly kind: PairKind;
  /** Share of pairs in the right order, 0..1. */
  readonly accuracy: number;
  /** Mean difference of the two scores, in logits. */
  readonly margin: number;
  readonly pairs: number;
}

/** @param source of videos that the model was not trained on */
export function pairAccuracies(preference: Preference, source: PairSource, pairs: number): PairAccuracy[] {
  return pairKinds(source).map((kind) => {
    const rng = Rng.of("held-out pairs", kind);
    const drawn = Array.from({ length: pairs }, () => drawPair(source, kind, rng));
    const scores = preference.score(
      drawn.flatMap(({ better, worse, first }) => [better, worse].map((picture) => ({ picture, first }))),
    ).mean;
    const margins = drawn.map((_, i) => scores[2 * i] - scores[2 * i + 1]);
    return { kind, accuracy: mean(margins.map((m) => (m > 0 ? 1 : 0))), margin: mean(margins), pairs };
  });
}

/** A clip as one policy made it: means over its keyframes. */
interface Branch {
  readonly score: number;
  readonly psnr: number;
  readonly ssim: number;
  /** PSNR and SSIM where the pictures are moved to fit best. */
  readonly placedPsnr: number;
  readonly placedSsim: number;
}

const MEASURES = ["psnr", "ssim", "placedPsnr", "placedSsim"] as const;
export type Measure = (typeof MEASURES)[number];

/** Spearman's rank correlation of the score with a measure of likeness to the truth. */
export interface Agreement {
  readonly measure: Measure;
  /** Over all clips. */
  readonly overall: number;
  /** Mean over groups of clips that differ in their noise alone: what reinforcement learning goes by. */
  readonly within: number;
  /** Groups. */
  readonly groups: number;
}

/** The branches of every clip that continue the model's own clips: one group a clip. */
function branchGroups(preference: Preference, { first, keyframes: all }: GeneratedVideo): Branch[][] {
  const clips = [...new Set(all.map(({ clip }) => clip))];
  return clips.map((clip) => {
    const keyframes = all.filter((keyframe) => keyframe.clip === clip);
    const own = keyframes[0].versions.flatMap(({ origin }, v) => (origin === "own" ? [v] : []));
    return own.map((v) => branchOf(preference, keyframes, v, first));
  });
}

function branchOf(
  preference: Preference,
  keyframes: readonly GeneratedKeyframe[],
  v: number,
  first: Uint8Array,
): Branch {
  const versions = keyframes.map(({ versions: all }) => all[v]);
  const { mean: scores } = preference.score(versions.map(({ picture }) => ({ picture, first })));
  const pairs = keyframes.map(({ reconstruction }, i) => [versions[i].picture, reconstruction] as const);
  return {
    score: mean(scores),
    psnr: mean(pairs.map(([a, b]) => psnr(a, b))),
    ssim: mean(pairs.map(([a, b]) => ssim(a, b, preference.size.width, preference.size.height))),
    placedPsnr: mean(versions.map(({ fidelity }) => fidelity.psnr)),
    placedSsim: mean(versions.map(({ fidelity }) => fidelity.ssim)),
  };
}

/** A score and what it should go with. */
export interface ScoredCase {
  readonly score: number;
  readonly likeness: number;
}

export interface GroupedCorrelation {
  /** Spearman's rank correlation over all cases. */
  readonly overall: number;
  /** Mean over groups of the correlation within each; groups that are all alike are left out. */
  readonly within: number;
}

/** @param groups of at least two cases each */
export function groupedCorrelation(groups: readonly (readonly ScoredCase[])[]): GroupedCorrelation {
  const correlation = (cases: readonly ScoredCase[]): number =>
    rankCorrelation(
      cases.map(({ score }) => score),
      cases.map(({ likeness }) => likeness),
    );
  return {
    overall: correlation(groups.flat()),
    within: mean(groups.map(correlation).filter((value) => !Number.isNaN(value))),
  };
}

/**
 * Over a model's held-out clips. The score sees neither the truth nor the command, and a model may show another place
 * well: it cannot be near 1.
 * @returns empty where there are no videos
 */
export function agreementWithTruth(preference: Preference, videos: readonly GeneratedVideo[]): Agreement[] {
  const groups = videos.flatMap((video) => branchGroups(preference, video));
  if (groups.length === 0) return [];
  return MEASURES.map((measure) => {
    const cases = groups.map((group) => group.map((branch) => ({ score: branch.score, likeness: branch[measure] })));
    return { measure, ...groupedCorrelation(cases), groups: groups.length };
  });
}
