/** Training of an action estimator: cross entropy of translation and of rotation, on turned and degraded groups. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { cloneParams, emaParams, initParams, type Params } from "../../model/nn/params.ts";
import type { Features } from "../../rewards/estimator/features.ts";
import {
  GROUP_FRAMES,
  GROUP_STEPS,
  HALF_GROUP,
  HALF_HEIGHT,
  HALF_ROW,
  HALF_WHITE,
} from "../../rewards/estimator/groups.ts";
import { CLASSES, headLogits } from "../../rewards/estimator/head.ts";
import { DESIGNS, type EstimatorKind, estimatorSpec } from "../../rewards/estimator/kinds.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, share, weight } from "../../util/schema.ts";
import { rotationOf, translationOf } from "../../world/index.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, optimiserStep } from "../optimiser/optimiser.ts";
import { trapezoid } from "../optimiser/schedule.ts";
import { runTraining, SAVE_EVERY, type TrainState } from "../run.ts";
import { degrade, turnedAction, turnInto } from "./augment.ts";
import type { Bank } from "./bank.ts";

export const estimatorTraining = z.strictObject({
  steps: count().default(1200),
  batch: count().default(48).describe("Groups per step; each counts as four frame steps."),
  lr: positive().default(2e-3).describe("Peak learning rate of AdamW."),
  weightDecay: weight().default(0.05),
  ema: decay().default(0.995).describe("Decay of the averaged weights that are kept in the end."),
  truth: share().default(0.35).describe("Share of true renders; the rest is reconstructed."),
  degraded: share().default(0.25).describe("Share of groups that are blurred, and that are disturbed by noise."),
  noise: share().default(0.02).describe("Largest standard deviation of that noise, in shares of white."),
});
export type EstimatorTrainConfig = z.infer<typeof estimatorTraining>;

const OPTIMISER = OPTIMISER_DEFAULTS;
/** Draws of the noise that batches take stretches of: fresh normals for every batch would cost more than the step. */
const NOISE_POOL = 1 << 22;

/** Tensors of one batch, by name. */
type Batch = Record<"frames" | "noise" | "blur" | "deviation" | "translation" | "rotation", tf.Tensor>;

/** Sum of the two cross entropies, mean over frame steps. Labels are one-hot [n, 9], one a group. */
function estimatorLoss(p: Params, features: Features, translation: tf.Tensor, rotation: tf.Tensor): tf.Scalar {
  const logits = tf.split(headLogits(p, features), 2, 1);
  const losses = [translation, rotation].map((label, i) => {
    const steps = tf.reshape(tf.logSoftmax(logits[i]), [-1, GROUP_STEPS, CLASSES]);
    const hits = tf.mul(tf.mean(steps, 1), label);
    return tf.neg(tf.mean(tf.sum(hits, 1))) as tf.Scalar;
  });
  return tf.add(losses[0], losses[1]);
}

function makeStep(kind: EstimatorKind, { weightDecay }: EstimatorTrainConfig) {
  const { features } = DESIGNS[kind];
  const optimiser = { ...OPTIMISER, adamwConfig: { ...OPTIMISER.adamwConfig, weightDecay } };
  return compile(
    (state: TrainState, batch: Batch, lr: tf.Scalar, step: tf.Scalar, decay: tf.Scalar) => {
      const seen = features(degrade(batch.frames, batch.noise, batch.blur, batch.deviation));
      const value = lossAndGrads((p) => estimatorLoss(p, seen, batch.translation, batch.rotation), state.params);
      const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, optimiser);
      const ema = emaParams(state.ema, next.params, decay);
      return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss };
    },
    { name: `${kind} estimator's step` },
  );
}

/** Draws batches; the same (seed, step) gives the same batch. */
function sampler(fill: () => Bank, seed: number, config: EstimatorTrainConfig): (step: number) => Batch {
  const pool = Rng.of(seed, "noise pool").normals(NOISE_POOL);
  const { batch } = config;
  const size = batch * HALF_GROUP;
  let bank: Bank | undefined;
  return (step) => {
    bank ??= fill();
    const rng = Rng.of(seed, "batch", step);
    const frames = new Float32Array(size);
    const actions: number[] = [];
    for (let i = 0; i < batch; i++) {
      const turn = { mirror: rng.int(2) === 1, reverse: rng.int(2) === 1 };
      const group = rng.int(bank.actions.length);
      const version = bank.versions[drawVersion(bank, config, rng)];
      const pixels = version.subarray(group * HALF_GROUP, (group + 1) * HALF_GROUP);
      turnInto(frames, i * HALF_GROUP, pixels, turn, rng.uniform(0.7, 1.1) / HALF_WHITE);
      actions.push(turnedAction(bank.actions[group], turn));
    }
    const offset = rng.int(NOISE_POOL - size);
    const shape = [batch * GROUP_FRAMES, HALF_HEIGHT, HALF_ROW];
    const noise = pool.subarray(offset, offset + size);
    return {
      frames: tf.tensor(frames, shape),
      noise: tf.tensor(noise, shape),
      ...strengths(config, rng),
      ...labels(actions),
    };
  };
}

const drawVersion = ({ versions }: Bank, { truth }: EstimatorTrainConfig, rng: Rng): number =>
  versions.length === 1 || rng.uniform() < truth ? 0 : 1 + rng.int(versions.length - 1);

/** How much each group is blurred and disturbed. */
function strengths({ batch, degraded, noise }: EstimatorTrainConfig, rng: Rng): Pick<Batch, "blur" | "deviation"> {
  const perGroup = (most: number): tf.Tensor => {
    const values = Array.from({ length: batch }, () => (rng.uniform() < degraded ? rng.uniform(0, most) : 0));
    return tf.tensor3d(values.flatMap((value) => Array.from({ length: GROUP_FRAMES }, () => [[value]])));
  };
  return { blur: perGroup(1), deviation: perGroup(noise) };
}

function labels(actions: number[]): Pick<Batch, "translation" | "rotation"> {
  const oneHot = (classOf: (action: number) => number): tf.Tensor =>
    tf.tensor2d(actions.map((action) => Array.from({ length: CLASSES }, (_, c) => (c === classOf(action) ? 1 : 0))));
  return { translation: oneHot(translationOf), rotation: oneHot(rotationOf) };
}

function startState(kind: EstimatorKind): TrainState {
  const params = initParams(estimatorSpec(kind), DESIGNS[kind].seed);
  return { params, optimiser: initOptimiser(params, OPTIMISER), ema: cloneParams(params) };
}

/**
 * Trains, or resumes, in `dir`; saves every `saveEvery` steps.
 * @param fill makes the pictures; not called where the run is already at its end
 * @param made what the pictures were made from; a run is resumed only with the same
 * @returns averaged weights
 */
export async function trainEstimator(
  dir: string,
  kind: EstimatorKind,
  fill: () => Bank,
  given: EstimatorTrainConfig,
  made: Record<string, string> = {},
  saveEvery = SAVE_EVERY,
): Promise<Params> {
  const config = parseConfig(estimatorTraining, given);
  const run = makeStep(kind, config);
  const draw = sampler(fill, DESIGNS[kind].seed, config);
  const { steps } = config;
  const step = (state: TrainState, i: number) => {
    const batch = draw(i);
    const lr = tf.scalar(trapezoid(i, steps, { peak: config.lr, warmup: 30, decay: 0.6 }));
    const [number, decay] = [tf.scalar(i + 1), tf.scalar(Math.min(config.ema, (i + 1) / (i + 10)))];
    const result = run(state, batch, lr, number, decay);
    const metrics = { loss: result.loss.dataSync()[0] };
    tf.dispose([Object.values(batch), lr, number, decay, result.loss]);
    return { state: result.state, metrics };
  };
  const start = () => startState(kind);
  const { ema } = await runTraining({
    dir,
    steps,
    config: { kind, ...config, ...made },
    presets: estimatorTraining.parse({}),
    saveEvery,
    logEvery: 20,
    start,
    step,
  });
  return ema;
}
