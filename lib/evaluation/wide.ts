/** Models under commands outside of the training distribution. */
import { generateVideos, WIDE_KINDS } from "../rollout/prompts/index.ts";
import { mean } from "../util/statistics.ts";
import { wideSet } from "./drift-memory.ts";
import type { DriftProfile, NamedModel } from "./drift-memory-profile.ts";
import type { Judges } from "./evaluate.ts";
import { scoreVideo } from "./score.ts";
import { accuracyUpTo } from "./table.ts";

export interface WideRow {
  /** Set of commands; see lib/rollout/prompts/wide.ts. */
  kind: string;
  /** A model, or "true-render": what the estimator reads from perfect videos of the set. */
  model: string;
  /** Exact, percent. */
  accuracy: number;
  /** dB to the true picture; null for the true one. */
  psnr: number | null;
  videos: number;
}

/** One row for each set and model, and for the true videos. */
export function wideRows(models: readonly NamedModel[], profile: DriftProfile, judges: Judges): WideRow[] {
  const { wideClips: clips, batch, seeds } = profile;
  return WIDE_KINDS.flatMap((kind) => {
    const set = wideSet(kind, profile);
    const rowOf = (model: string, videos: Uint8Array[]): WideRow => {
      const scores = videos.map((video, i) => scoreVideo(video, set.truths[i], set.prompts[i], judges.estimator));
      const psnr = mean(scores.map((score) => mean(score.psnr)));
      const accuracy = 100 * mean(scores.map((score) => accuracyUpTo(score, clips).exact));
      return { kind, model, accuracy, psnr: Number.isFinite(psnr) ? psnr : null, videos: videos.length };
    };
    const made = models.map(({ name, model }) =>
      rowOf(name, generateVideos(model, judges.tokeniser, set.prompts, { seed: seeds[0], clips, batch })),
    );
    return [rowOf("true-render", set.truths), ...made];
  });
}
