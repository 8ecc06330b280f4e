/** Training of an action classifier: cross entropy of translation and of rotation on features of turned latents. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Params } from "../../model/nn/params.ts";
import { headLogits, headSpec } from "../../rewards/actions/classifier.ts";
import { gridOf } from "../../rewards/actions/features.ts";
import { CLASSES } from "../../rewards/actions/reading.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, share, weight, whole } from "../../util/schema.ts";
import { rotationOf, translationOf } from "../../world/actions.ts";
import { trainAveraged } from "../averaged.ts";
import { type FeatureBank, LEVELS, latentNumbers } from "./bank.ts";
import { turnedAction, turnOf } from "./turn.ts";

export const classifierTraining = z.strictObject({
  seed: whole().default(0),
  steps: count().default(1500),
  batch: count().default(128).describe("Latents per step."),
  lr: positive().default(1.5e-3).describe("Peak learning rate of AdamW."),
  weightDecay: weight().default(0.05),
  ema: decay().default(0.995).describe("Decay of the averaged weights that are kept in the end."),
  smoothing: share().default(0.05).describe("Share of a label that is spread over all classes."),
});
export type ClassifierTraining = z.infer<typeof classifierTraining>;

interface ClassifierBatch extends Record<string, tf.Tensor> {
  /** [n, rows, columns, channels] */
  features: tf.Tensor;
  /** [n, 9] each, rows that sum to 1. */
  translation: tf.Tensor;
  rotation: tf.Tensor;
}

/** Sum of the two cross entropies. */
function classifierLoss(p: Params, { features, translation, rotation }: ClassifierBatch): tf.Scalar {
  const entropies = headLogits(p, features).map((logits, i) =>
    tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits as tf.Tensor2D), i === 0 ? translation : rotation), 1))),
  );
  return tf.add(entropies[0], entropies[1]) as tf.Scalar;
}

/** Draws batches; the same (seed, step) gives the same batch. */
function sampler(bank: FeatureBank, { seed, batch, smoothing }: ClassifierTraining): (step: number) => ClassifierBatch {
  const { design, camera, versions, actions } = bank;
  const size = latentNumbers(bank);
  const turns = [false, true].flatMap((mirror) =>
    (design.reverse ? [false, true] : [false]).map((reverse) => ({ mirror, reverse })),
  );
  const gathered = turns.map((turn) => turnOf(design, camera, turn));
  const { rows, columns } = gridOf(camera);
  const labels = (shown: readonly number[], classOf: (action: number) => number): tf.Tensor =>
    tf.tensor2d(
      shown.map((action) =>
        Array.from({ length: CLASSES }, (_, c) => smoothing / CLASSES + (c === classOf(action) ? 1 - smoothing : 0)),
      ),
    );
  return (step) => {
    const rng = Rng.of(seed, "classifier", step);
    const features = new Float32Array(batch * size);
    const shown: number[] = [];
    for (let n = 0; n < batch; n++) {
      const [latent, turn] = [rng.int(actions.length), rng.int(turns.length)];
      const source = rng.pick(versions).subarray(latent * size, (latent + 1) * size);
      const { from, sign } = gathered[turn];
      for (let i = 0; i < size; i++) features[n * size + i] = (sign[i] * source[from[i]]) / LEVELS;
      shown.push(turnedAction(actions[latent], turns[turn]));
    }
    return {
      features: tf.tensor(features, [batch, rows, columns, design.channels]),
      translation: labels(shown, translationOf),
      rotation: labels(shown, rotationOf),
    };
  };
}

/**
 * Trains, or resumes, in `dir`.
 * @param made what the features were made from; a run is resumed only with the same
 * @returns averaged weights
 */
export function trainClassifier(
  dir: string,
  bank: FeatureBank,
  given: ClassifierTraining,
  made: Record<string, string> = {},
): Promise<Params> {
  const config = parseConfig(classifierTraining, given);
  return trainAveraged({
    dir,
    name: "classifier's step",
    config,
    presets: classifierTraining.parse({}),
    made: { features: bank.design.name, ...made },
    schedule: { warmup: 50, decay: 0.7 },
    weightDecay: config.weightDecay,
    spec: headSpec(bank.design, bank.camera),
    loss: classifierLoss,
    draw: sampler(bank, config),
  });
}
