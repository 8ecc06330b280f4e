/**
 * How far the interaction reward can be trusted: what it gives to every generated clip, beside what the held-out
 * estimator and the true world say.
 */

import { clipOfStep, hardInteraction, stepActions } from "../metrics/accuracy.ts";
import { explainedSteps, explainVideo } from "../metrics/ground-truth-accuracy.ts";
import { type Estimator, estimateSteps, groupsOfVideo } from "../rewards/estimator/index.ts";
import type { Prompt } from "../rollout/prompts/index.ts";
import { groupedCorrelation } from "../training/preference/evaluate.ts";
import { mean } from "../util/statistics.ts";

/** One clip; all three are the paper's (translation accuracy + rotation accuracy) / 2 over its frame steps, 0..1. */
export interface TrustPoint {
  /** Index of the video, and of the clip in it. */
  readonly video: number;
  readonly clip: number;
  /** By the estimator that the reward is made of. */
  readonly reward: number;
  /** By the held-out estimator. */
  readonly heldOut: number;
  /** By the true world: see lib/metrics/ground-truth-accuracy.ts. */
  readonly truth: number;
}

export interface TrustJudges {
  readonly reward: Estimator;
  readonly heldOut: Estimator;
}

/** Interaction of every clip, by these actions of the frame steps. */
function perClip(shown: Int32Array, commanded: Int32Array): number[] {
  const clips = clipOfStep(commanded.length - 1) + 1;
  const starts = Array.from({ length: clips + 1 }, (_, clip) => {
    const found = commanded.findIndex((_, step) => clipOfStep(step) === clip);
    return found < 0 ? commanded.length : found;
  });
  return Array.from({ length: clips }, (_, clip) => {
    const range = [starts[clip], starts[clip + 1]] as const;
    return hardInteraction(shown.subarray(...range), commanded.subarray(...range));
  });
}

/**
 * Every clip of generated videos. The true world takes about 0.1 s a latent.
 * @param videos [F, 48, 80, 3] each, the beginnings of their prompts or the whole
 */
export function interactionTrust(
  videos: readonly Uint8Array[],
  prompts: readonly Prompt[],
  judges: TrustJudges,
): TrustPoint[] {
  return videos.flatMap((frames, video) => {
    const groups = groupsOfVideo(frames);
    const shown = explainedSteps(explainVideo(frames, prompts[video]));
    const commanded = stepActions(prompts[video].actions).subarray(0, shown.length);
    const read = (estimator: Estimator): number[] => perClip(estimateSteps(estimator, groups).labels, commanded);
    const [reward, heldOut, truth] = [read(judges.reward), read(judges.heldOut), perClip(shown, commanded)];
    return truth.map((value, clip) => ({
      video,
      clip,
      reward: reward[clip],
      heldOut: heldOut[clip],
      truth: value,
    }));
  });
}

/** The clips of one depth. */
export interface DepthTrust {
  readonly clip: number;
  readonly clips: number;
  /** Means. */
  readonly reward: number;
  readonly heldOut: number;
  readonly truth: number;
  /** Spearman's rank correlation of the reward with the truth and with the held-out estimator; NaN where one is constant. */
  readonly withTruth: number;
  readonly withHeldOut: number;
}

export function trustByDepth(points: readonly TrustPoint[]): DepthTrust[] {
  const depths = [...new Set(points.map(({ clip }) => clip))].sort((a, b) => a - b);
  return depths.map((clip) => {
    const own = points.filter((point) => point.clip === clip);
    const average = (key: "reward" | "heldOut" | "truth"): number => mean(own.map((point) => point[key]));
    const agreement = (key: "heldOut" | "truth"): number =>
      groupedCorrelation([own.map((point) => ({ score: point.reward, likeness: point[key] }))]).overall;
    return {
      clip,
      clips: own.length,
      reward: average("reward"),
      heldOut: average("heldOut"),
      truth: average("truth"),
      withTruth: agreement("truth"),
      withHeldOut: agreement("heldOut"),
    };
  });
}
