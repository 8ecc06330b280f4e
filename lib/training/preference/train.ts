/** Training of the preference model on ranked pairs of every kind. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { cloneParams, emaParams, initParams, type Params } from "../../model/nn/params.ts";
import { describePictures, PREFERENCE_SPEC, scoreDescriptions } from "../../rewards/preference/network.ts";
import { pictureTensor } from "../../rewards/preference/preference.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, weight, whole } from "../../util/schema.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, optimiserStep } from "../optimiser/optimiser.ts";
import { trapezoid } from "../optimiser/schedule.ts";
import { runTraining, SAVE_EVERY, type TrainState } from "../run.ts";
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
type Rates = Record<"lr" | "step" | "decay", tf.Scalar>;

function lossOf(p: Params, { better, worse, first }: Batch, penalty: number): tf.Scalar {
  const [a, b, reference] = tf.split(describePictures(p, tf.concat([better, worse, first], 0)), 3, 0);
  return rankingLoss(scoreDescriptions(p, a, reference), scoreDescriptions(p, b, reference), penalty);
}

function makeStep({ weightDecay, penalty }: PreferenceTrainConfig) {
  const optimiser = { ...OPTIMISER_DEFAULTS, adamwConfig: { ...OPTIMISER_DEFAULTS.adamwConfig, weightDecay } };
  return compile(
    (state: TrainState, batch: Batch, { lr, step, decay }: Rates) => {
      const value = lossAndGrads((p) => lossOf(p, batch, penalty), state.params);
      const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, optimiser);
      const ema = emaParams(state.ema, next.params, decay);
      return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss };
    },
    { name: "preference model's step" },
  );
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
export async function trainPreference(
  dir: string,
  source: PairSource,
  given: PreferenceTrainConfig,
  made: Record<string, string> = {},
  saveEvery = SAVE_EVERY,
): Promise<Params> {
  const config = parseConfig(preferenceTraining, given);
  const run = makeStep(config);
  const { seed, steps, lr } = config;
  const step = (state: TrainState, i: number) => {
    const batch = drawBatch(source, config.batch, Rng.of(seed, "pairs", i));
    const rates = {
      lr: tf.scalar(trapezoid(i, steps, { peak: lr, warmup: 50, decay: 0.6 })),
      step: tf.scalar(i + 1),
      decay: tf.scalar(Math.min(config.ema, (i + 1) / (i + 10))),
    };
    const { state: next, loss } = run(state, batch, rates);
    const metrics = { loss: loss.dataSync()[0] };
    tf.dispose([Object.values(batch), Object.values(rates), loss]);
    return { state: next, metrics };
  };
  const start = (): TrainState => {
    const params = initParams(PREFERENCE_SPEC, seed);
    return { params, optimiser: initOptimiser(params, OPTIMISER_DEFAULTS), ema: cloneParams(params) };
  };
  const { ema } = await runTraining({
    dir,
    steps,
    config: { ...config, ...made },
    presets: preferenceTraining.parse({}),
    saveEvery,
    logEvery: 20,
    start,
    step,
  });
  return ema;
}
