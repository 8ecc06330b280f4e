/** Graded ways to corrupt latents before they are decoded: what a drifting model, or one that is trained to please, does. */
import type { Rng } from "../../util/rng.ts";

/** Numbers of a latent, and of each of its cells. */
export interface LatentSize {
  readonly size: number;
  readonly channels: number;
}

/** A change of one latent [rows, columns, channels], its random details fixed. */
export type LatentCorruption = (latent: Float32Array, severity: number) => Float32Array;

/** Independent noise: soft, wrong details. */
const noise = (rng: Rng, { size }: LatentSize): LatentCorruption => {
  const eps = rng.normals(size);
  return (latent, severity) => latent.map((v, i) => v + 0.7 * severity * eps[i]);
};

/** The same shift in every cell: colour casts, and patterns that repeat from cell to cell. */
const shift = (rng: Rng, { channels }: LatentSize): LatentCorruption => {
  const eps = rng.normals(channels);
  return (latent, severity) => latent.map((v, i) => v + 0.8 * severity * eps[i % channels]);
};

/** Everything larger or smaller than it is: over-sharpened or washed out. */
const gain = (rng: Rng): LatentCorruption => {
  const direction = rng.pick([0.8, -0.5]);
  return (latent, severity) => latent.map((v) => v * (1 + severity * direction));
};

/** Some channels kept, others faded: a model that has lost detail. */
const fade = (rng: Rng, { channels }: LatentSize): LatentCorruption => {
  const keeps = Array.from({ length: channels }, () => (rng.uniform() < 0.4 ? 1 : 0));
  return (latent, severity) => latent.map((v, i) => v * (1 - severity * (1 - keeps[i % channels])));
};

export const LATENT_CORRUPTIONS = { noise, shift, gain, fade } as const;
export type LatentCorruptionKind = keyof typeof LATENT_CORRUPTIONS;
export const LATENT_CORRUPTION_KINDS = Object.keys(LATENT_CORRUPTIONS) as LatentCorruptionKind[];

export const drawLatentCorruption = (kind: LatentCorruptionKind, rng: Rng, latent: LatentSize): LatentCorruption =>
  LATENT_CORRUPTIONS[kind](rng, latent);
