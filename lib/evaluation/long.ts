/** Videos far beyond the training: obedience and likeness to the truth at their beginning and at their end. */
import { segmentMeans } from "../metrics/drift.ts";
import { framesOfClips, generateVideos } from "../rollout/prompts/index.ts";
import type { DriftProfile, NamedModel } from "./drift-memory-profile.ts";
import { segmentsFor } from "./drift-memory-table.ts";
import type { Judges } from "./evaluate.ts";
import { promptSet } from "./memory-prompts.ts";
import { evaluationPrompts } from "./prompts.ts";
import { SAME_LOOK, sameLook } from "./same-look.ts";
import { scoreVideo } from "./score.ts";
import { accuracyPerClip, meanPerClip } from "./table.ts";

/** Means over the videos of one sampling seed, combined commands. */
export interface LongRow {
  /** A model, or the control that knows the look alone. */
  model: string;
  frames: number;
  /** Exact, percent, in the first and the last eighth; PSNR to the truth there, dB. */
  accuracyFirst: number;
  accuracyLast: number;
  psnrFirst: number;
  psnrLast: number;
  videos: number;
  /** The same of every clip. */
  accuracy: number[];
  psnr: number[];
}

const short = (values: readonly number[]): number[] => values.map((value) => Number(value.toFixed(2)));

/** One row for each model, and for the floor. */
export function longRows(
  models: readonly NamedModel[],
  { veryLong: { clips, prompts: count }, batch, seeds }: DriftProfile,
  judges: Judges,
  onClips?: (clips: number) => void,
): LongRow[] {
  const { prompts, truths } = promptSet(evaluationPrompts("combined", count, clips));
  const rowOf = (model: string, videos: readonly Uint8Array[]): LongRow => {
    const scores = videos.map((video, i) => scoreVideo(video, truths[i], prompts[i], judges.estimator));
    const [accuracy, psnr] = [accuracyPerClip(scores), meanPerClip(scores, "psnr")];
    const [exact, likeness] = [accuracy, psnr].map((values) => segmentMeans(values, segmentsFor(clips)));
    return {
      ...{ model, frames: framesOfClips(clips), videos: videos.length },
      ...{ accuracyFirst: exact[0], accuracyLast: exact[exact.length - 1] },
      ...{ psnrFirst: likeness[0], psnrLast: likeness[likeness.length - 1] },
      ...{ accuracy: short(accuracy), psnr: short(psnr) },
    };
  };
  const options = { seed: seeds[0], clips, batch, onClips };
  const made = models.map(({ name, model }) => rowOf(name, generateVideos(model, judges.tokeniser, prompts, options)));
  return [...made, rowOf(SAME_LOOK, prompts.map(sameLook))];
}

/** Clips that `longRows` makes for one model. */
export const longClips = ({ veryLong: { clips, prompts } }: DriftProfile): number => clips * prompts;
