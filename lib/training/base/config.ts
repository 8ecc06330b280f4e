/** Every number of a pre-training run: ranges, defaults and what each is for, from which types, `--help` and docs follow. */
import { z } from "zod";
import { count, decay, positive, share, whole } from "../../util/schema.ts";

/** How training pictures are noised. */
export const noiseSchema = z.strictObject({
  shift: positive()
    .default(4)
    .describe("Shift of the noise levels towards high noise: s u / (1 + (s - 1) u), u logit-normal."),
  unshiftedShare: share()
    .default(0.4)
    .describe("Share of target clips whose level is not shifted: fine detail is learnt at low noise."),
  contextNoiseShare: share()
    .default(0.5)
    .describe("Share of context clips with noise that they do not admit, so that the model forgives its own errors."),
  contextNoiseMax: share().default(0.2).describe("Largest such noise level."),
  dropAction: share().default(0.1).describe("Share of target clips whose action is hidden, for guidance."),
  ownShare: share()
    .default(0.5)
    .describe("Share of windows whose context the model has made itself, once there are such."),
});
export type NoiseConfig = z.output<typeof noiseSchema>;
export const NOISE_DEFAULTS: NoiseConfig = noiseSchema.parse({});

export const baseTraining = z.strictObject({
  seed: whole().default(0),
  batch: count(1000).default(8).describe("Windows per step, four target clips each."),
  lr: positive().default(3e-3).describe("Learning rate of Muon."),
  adamwScale: positive().default(0.5).describe("AdamW takes this times as much."),
  warmup: whole().default(100).describe("Steps of linear warm-up."),
  ema: decay().default(0.998).describe("Decay of the averaged weights that are kept in the end."),
  clipNorm: positive().default(1).describe("Largest gradient norm."),
  saveEvery: count().default(200).describe("Steps between saved states."),
  ownEvery: whole()
    .default(400)
    .describe("Steps between times at which the model makes context for itself; whole saves, 0 for never."),
  own: count(10_000).default(48).describe("Trajectories that it makes."),
  noise: noiseSchema.prefault({}),
});
export type BaseConfig = z.output<typeof baseTraining>;

/** The defaults. */
export const BASE_TRAINING: BaseConfig = baseTraining.parse({});
