/** Graded ways to spoil latents before they are decoded: what a drifting model, or one that is trained to please, does. */
import { LATENT_SIZE, TOKENISER } from "../../model/tokeniser/config.ts";
import type { Rng } from "../../util/rng.ts";

/** A change of one latent [6, 10, 32], its random details fixed. */
export type LatentSpoil = (latent: Float32Array, severity: number) => Float32Array;

const CHANNELS = TOKENISER.latentChannels;

/** Independent noise: soft, wrong details. */
const noise = (rng: Rng): LatentSpoil => {
  const eps = rng.normals(LATENT_SIZE);
  return (latent, severity) => latent.map((v, i) => v + 0.7 * severity * eps[i]);
};

/** The same shift in every cell: colour casts, and patterns that repeat from cell to cell. */
const shift = (rng: Rng): LatentSpoil => {
  const eps = rng.normals(CHANNELS);
  return (latent, severity) => latent.map((v, i) => v + 0.8 * severity * eps[i % CHANNELS]);
};

/** Everything larger or smaller than it is: over-sharpened or washed out. */
const gain = (rng: Rng): LatentSpoil => {
  const direction = rng.pick([0.8, -0.5]);
  return (latent, severity) => latent.map((v) => v * (1 + severity * direction));
};

/** Some channels kept, others faded: a model that has lost detail. */
const fade = (rng: Rng): LatentSpoil => {
  const keeps = Array.from({ length: CHANNELS }, () => (rng.uniform() < 0.4 ? 1 : 0));
  return (latent, severity) => latent.map((v, i) => v * (1 - severity * (1 - keeps[i % CHANNELS])));
};

export const LATENT_SPOILS = { noise, shift, gain, fade } as const;
export type LatentSpoilKind = keyof typeof LATENT_SPOILS;
export const LATENT_SPOIL_KINDS = Object.keys(LATENT_SPOILS) as LatentSpoilKind[];

export const drawLatentSpoil = (kind: LatentSpoilKind, rng: Rng): LatentSpoil => LATENT_SPOILS[kind](rng);
