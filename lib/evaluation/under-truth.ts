/** How far models obey by the true world alone, without any estimator. */
import type { Accuracy } from "../metrics/accuracy.ts";
import { groundTruthAccuracy } from "../metrics/ground-truth-accuracy.ts";
import { type ActionKind, framesOfClips } from "../rollout/prompts/index.ts";
import { mean } from "../util/statistics.ts";
import { FRAME_BYTES } from "../world/index.ts";
import { evaluationPrompts } from "./prompts.ts";

export interface TruthRow {
  model: string;
  actions: ActionKind;
  /** Percent of frame steps. */
  exact: number;
  translation: number;
  rotation: number;
  videos: number;
}

const KEYS = ["exact", "translation", "rotation"] as const;

/** Obedience of the first `clips` clips of videos; a second or two of rendering each. @param videos of the first prompts of the kind */
export function truthRow(model: string, actions: ActionKind, videos: readonly Uint8Array[], clips: number): TruthRow {
  const prompts = evaluationPrompts(actions, videos.length, clips);
  const length = framesOfClips(clips) * FRAME_BYTES;
  const accuracies = videos.map((video, i) => groundTruthAccuracy(video.subarray(0, length), prompts[i]));
  return { model, actions, ...percent(accuracies), videos: videos.length };
}

const percent = (accuracies: readonly Accuracy[]): Record<(typeof KEYS)[number], number> => {
  const [exact, translation, rotation] = KEYS.map((key) => 100 * mean(accuracies.map((accuracy) => accuracy[key])));
  return { exact, translation, rotation };
};
