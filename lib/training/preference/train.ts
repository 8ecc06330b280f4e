/** Training of the preference model on ranked pairs of every kind. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Params } from "../../model/nn/params.ts";
import { describePictures, PREFERENCE_SPEC, scoreDescriptions } from "../../rewards/preference/network.ts";
import { pictureTensor } from "../../rewards/preference/preference.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, weight, whole } from "../../util/schema.ts";
import { trainAveraged } from "../averaged.ts";
import { rankingLoss } from "./loss.ts";
import { augmented, drawPair, type PairKind, type PairSource, pairKinds } from "./pairs.ts";
import { MADE_KINDS } from "./ranked.ts";

export const preferenceTraining = z.strictObject({
  seed: whole().default(303),
  steps: count().default(1600),
  batch: count().default(28).describe("Pairs per step."),
  lr: positive().default(1.5e-3).describe("Peak learning rate of AdamW."),
  weightDecay: weight().default(0.05),
  penalty: weight().default(0.004).describe("Weight of the mean squared score."),
  ema: decay().default(0.995).describe("Decay of the averaged weights that are kept in the end."),
});
export type PreferenceTrainConfig = z.infer<typeof preferenceTraining>;

/** [n, height, width, 3] each. */
type Batch = Record<"better" | "worse" | "first", tf.Tensor>;

function lossOf(p: Params, { better, worse, first }: Batch, penalty: number): tf.Scalar {
  const [a, b, reference] = tf.split(describePictures(p, tf.concat([better, worse, first], 0)), 3, 0);
  return rankingLoss(scoreDescriptions(p, a, reference), scoreDescriptions(p, b, reference), penalty);
}

/** How often a model's own pictures come, against other kinds: they are what the score will be used on. */
const MADE_WEIGHT = 3;

const weightedKinds = (source: PairSource): PairKind[] =>
  pairKinds(source).flatMap((kind) =>
    new Array<PairKind>(MADE_KINDS.some((made) => made === kind) ? MADE_WEIGHT : 1).fill(kind),
  );

function drawBatch(source: PairSource, batch: number, rng: Rng): Batch {
  const kinds = weightedKinds(source);
  const offset = rng.int(kinds.length);
  const pairs = Array.from({ length: batch }, (_, i) =>
    augmented(drawPair(source, kinds[(offset + i) % kinds.length], rng), source.size.width, rng),
  );
  const tensor = (key: keyof Batch): tf.Tensor =>
    pictureTensor(
      pairs.map((pair) => pair[key]),
      source.size,
    );
  return { better: tensor("better"), worse: tensor("worse"), first: tensor("first") };
}

/**
 * Trains, or resumes, in `dir`; saves every `saveEvery` steps.
 * @param made what the pictures were made from; a run is resumed only with the same
 * @returns averaged weights
 */
export function trainPreference(
  dir: string,
  source: PairSource,
  given: PreferenceTrainConfig,
  made: Record<string, string> = {},
  saveEvery?: number,
): Promise<Params> {
  const config = parseConfig(preferenceTraining, given);
  const { seed, batch, weightDecay, penalty } = config;
  return trainAveraged({
    dir,
    name: "preference model's step",
    config,
    presets: preferenceTraining.parse({}),
    made,
    saveEvery,
    schedule: { warmup: 50, decay: 0.6 },
    weightDecay,
    spec: PREFERENCE_SPEC,
    loss: (p, pictures: Batch) => lossOf(p, pictures, penalty),
    draw: (i) => drawBatch(source, batch, Rng.of(seed, "pairs", i)),
  });
}
