/** How often the preference model agrees with the order of held-out pairs. */
import { Rng } from "../util/rng.ts";
import { mean } from "../util/statistics.ts";
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
