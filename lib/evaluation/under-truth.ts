/** How far models obey by the true world alone, without any estimator. */
import type { Accuracy } from "../metrics/accuracy.ts";
import { groundTruthAccuracy } from "../metrics/ground-truth-accuracy.ts";
import type { WorldModel } from "../model/worldModel.ts";
import { ACTION_KINDS, type ActionKind, generateVideos } from "../prompts/index.ts";
import type { Tokeniser } from "../tokeniser/tokeniser.ts";
import { mean } from "../util/statistics.ts";
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

/**
 * Obedience on the first evaluation prompts of each kind; about a second of rendering for eight clips.
 * @param count prompts of each kind
 */
export function rowsUnderTruth(
  name: string,
  model: WorldModel,
  tokeniser: Tokeniser,
  { count, clips, seed = 0 }: { count: number; clips: number; seed?: number },
): TruthRow[] {
  return ACTION_KINDS.map((kind) => {
    const prompts = evaluationPrompts(kind, count, clips);
    const videos = generateVideos(model, tokeniser, prompts, { seed, clips, batch: count });
    return {
      model: name,
      actions: kind,
      ...percent(videos.map((video, i) => groundTruthAccuracy(video, prompts[i]))),
      videos: count,
    };
  });
}

const percent = (accuracies: readonly Accuracy[]): Record<(typeof KEYS)[number], number> => {
  const [exact, translation, rotation] = KEYS.map((key) => 100 * mean(accuracies.map((accuracy) => accuracy[key])));
  return { exact, translation, rotation };
};
