/** How far the preference model can be trusted: the order of held-out pairs, and distance from the truth. */
import { psnr } from "../metrics/image.ts";
import { Rng } from "../util/rng.ts";
import { mean, rankCorrelation } from "../util/statistics.ts";
import type { Film } from "./bank.ts";
import { drawPair, type Films, type PairKind, pairKinds } from "./pairs.ts";
import type { Preference } from "./preference.ts";

export interface PairAccuracy {
  readonly kind: PairKind;
  /** Share of pairs in the right order, 0..1. */
  readonly accuracy: number;
  /** Mean difference of the two scores, in logits. */
  readonly margin: number;
  readonly pairs: number;
}

/** @param films that the model was not trained on */
export function pairAccuracies(preference: Preference, films: Films, pairs: number): PairAccuracy[] {
  return pairKinds([...films.real, ...films.made]).map((kind) => {
    const rng = Rng.of("held-out pairs", kind);
    const drawn = Array.from({ length: pairs }, () => drawPair(films, kind, rng));
    const scores = preference.score(
      drawn.flatMap(({ better, worse, first }) => [better, worse].map((picture) => ({ picture, first }))),
    ).mean;
    const margins = drawn.map((_, i) => scores[2 * i] - scores[2 * i + 1]);
    return { kind, accuracy: mean(margins.map((m) => (m > 0 ? 1 : 0))), margin: mean(margins), pairs };
  });
}

/**
 * Rank correlation, over a model's pictures, of the score with the PSNR to the true picture at the commanded pose. The
 * model may have shown another place well, so it cannot be near 1.
 */
export function agreementWithTruth(preference: Preference, films: readonly Film[]): number {
  const shown = films.flatMap(({ samples, first }) => samples.map((sample) => ({ ...sample, first })));
  const scores = preference.score(shown.map(({ sample, first }) => ({ picture: sample, first }))).mean;
  return rankCorrelation(
    scores,
    shown.map(({ sample, reconstruction }) => psnr(sample, reconstruction)),
  );
}
