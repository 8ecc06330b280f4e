/** From video scores to rows of the main table. */
import { type Accuracy, accuracyBy, accuracyByAction, accuracyOf, clipOfStep } from "../metrics/accuracy.ts";
import { CLIP_LATENTS } from "../model/legacy/config.ts";
import { type ActionKind, framesOfClips } from "../rollout/prompts/index.ts";
import { deviation, mean } from "../util/statistics.ts";
import { FRAMES_PER_LATENT } from "../world/index.ts";
import type { VideoScore } from "./score.ts";

/** A row of data/results/main-table.json. Accuracies in percent, PSNR in dB; spreads are over seeds. */
export interface Row {
  model: string;
  actions: ActionKind;
  frames: number;
  accuracy: number;
  accuracySd: number;
  translation: number;
  rotation: number;
  /** Visual preference score; null where it has not been measured. */
  visual: number | null;
  visualSd: number | null;
  /** dB against the true pictures; null where the video is the true one. */
  psnr: number | null;
  ssim: number;
  /** Standard deviation of the accuracy over videos. */
  videoSd: number;
  seeds: number[];
  trajectories: number;
  evaluator: string;
}

/** Frame steps of the first `clips` clips. */
const stepsOf = (clips: number): number => FRAMES_PER_LATENT * (CLIP_LATENTS * clips - 1);

/** Accuracy of one video over its first `clips` clips. */
export function accuracyUpTo({ estimated, commanded }: VideoScore, clips: number): Accuracy {
  return accuracyOf(estimated.subarray(0, stepsOf(clips)), commanded.subarray(0, stepsOf(clips)));
}

export interface RowSource {
  model: string;
  actions: ActionKind;
  evaluator: string;
  /** Scores of every video, for every seed. */
  bySeed: Map<number, VideoScore[]>;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Mean visual score of each seed's videos over their first `clips` clips; null where it was not measured. */
function visualBySeed(seeds: readonly (readonly VideoScore[])[], clips: number): number[] | null {
  const bySeed = seeds.map((videos) => videos.flatMap(({ visual }) => (visual ? [mean(visual.slice(0, clips))] : [])));
  return bySeed.every((values) => values.length > 0) ? bySeed.map(mean) : null;
}

/** One row at a horizon of `clips` clips. */
export function rowOf({ model, actions, evaluator, bySeed }: RowSource, clips: number): Row {
  const seeds = [...bySeed.keys()];
  const perSeed = seeds.map((seed) => (bySeed.get(seed) as VideoScore[]).map((score) => accuracyUpTo(score, clips)));
  const percent = (key: "exact" | "translation" | "rotation"): number[] =>
    perSeed.map((videos) => 100 * mean(videos.map((video) => video[key])));
  const scores = [...bySeed.values()].flat();
  const visual = visualBySeed([...bySeed.values()], clips);
  return {
    model,
    actions,
    frames: framesOfClips(clips),
    accuracy: mean(percent("exact")),
    accuracySd: deviation(percent("exact")),
    translation: mean(percent("translation")),
    rotation: mean(percent("rotation")),
    visual: visual && mean(visual),
    visualSd: visual && deviation(visual),
    psnr: finite(mean(scores.map((s) => mean(s.psnr.slice(0, clips))))),
    ssim: mean(scores.map((s) => mean(s.ssim.slice(0, clips)))),
    videoSd: deviation(perSeed.flat().map((video) => 100 * video.exact)),
    seeds,
    trajectories: perSeed[0].length,
    evaluator,
  };
}

/** Exact accuracy in percent for every clip index, over many videos. */
export function accuracyPerClip(scores: readonly VideoScore[]): number[] {
  const maps = scores.map(({ estimated, commanded }) => accuracyBy(estimated, commanded, clipOfStep));
  return [...maps[0].keys()].map((clip) => 100 * mean(maps.map((m) => (m.get(clip) as Accuracy).exact)));
}

/** Mean over videos of a per-clip measure; empty where it was not measured. */
export function meanPerClip(scores: readonly VideoScore[], key: "psnr" | "ssim" | "visual"): number[] {
  return (scores[0][key] ?? []).map((_, clip) => mean(scores.map((score) => score[key]?.[clip] ?? Number.NaN)));
}

export interface ActionAccuracy {
  /** Class of the commanded action. */
  action: number;
  /** Percent. */
  accuracy: number;
  /** Frame steps counted. */
  steps: number;
}

/** Exact accuracy of every commanded action that occurs, over many videos together. */
export function accuracyPerAction(scores: readonly VideoScore[]): ActionAccuracy[] {
  const join = (key: "estimated" | "commanded"): number[] => scores.flatMap((score) => [...score[key]]);
  const map = accuracyByAction(join("estimated"), join("commanded"));
  return [...map].map(([action, { exact, steps }]) => ({ action, accuracy: 100 * exact, steps }));
}
