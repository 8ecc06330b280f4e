/** Pictures that a model made beside what they should show. */
import type { Fidelity } from "./fidelity.ts";

/**
 * What a picture was made from. `own`: continued from the model's own clips; `fresh`: from the true ones; a number: the
 * true clip, noised to this level and denoised, after the true ones.
 */
export type Origin = "own" | "fresh" | number;

/** One version of a moment. */
export interface Version {
  readonly origin: Origin;
  readonly picture: Uint8Array;
  readonly fidelity: Fidelity;
}

/** A moment, the last frame of a latent, as it should look (reconstructed), and as the model made it. */
export interface Sample {
  readonly reconstruction: Uint8Array;
  /** The clip it lies in. */
  readonly clip: number;
  readonly versions: readonly Version[];
}

/** Samples of one prompt, in order of time; those of a clip have the same versions in the same order. */
export interface MadeFilm {
  /** First frame, the reference. */
  readonly first: Uint8Array;
  readonly samples: readonly Sample[];
}
