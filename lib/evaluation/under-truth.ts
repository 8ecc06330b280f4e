/** How far models obey by the true world alone, without any estimator. */
import type { Accuracy } from "../metrics/accuracy.ts";
import { groundTruthAccuracy } from "../metrics/ground-truth-accuracy.ts";
import type { WorldModel } from "../model/worldModel.ts";
import { ACTION_KINDS, type ActionKind, framesOfClips, generateVideos } from "../prompts/index.ts";
import type { Tokeniser } from "../tokeniser/tokeniser.ts";
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

/** The same for videos that have not been made yet. @param count prompts of each kind */
export function rowsUnderTruth(
  name: string,
  model: WorldModel,
  tokeniser: Tokeniser,
  { count, clips, seed = 0 }: { count: number; clips: number; seed?: number },
): TruthRow[] {
  return ACTION_KINDS.map((kind) => {
    const prompts = evaluationPrompts(kind, count, clips);
    const videos = generateVideos(model, tokeniser, prompts, { seed, clips, batch: count });
    return truthRow(name, kind, videos, clips);
  });
}

const percent = (accuracies: readonly Accuracy[]): Record<(typeof KEYS)[number], number> => {
  const [exact, translation, rotation] = KEYS.map((key) => 100 * mean(accuracies.map((accuracy) => accuracy[key])));
  return { exact, translation, rotation };
};
