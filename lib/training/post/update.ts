/**
 * One optimiser step of post-training as two compiled functions: the gradients, of which there is a graph for every
 * length of the context, and the step along them, which knows nothing of the context and needs only one.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { DitConfig } from "../../model/dit/config.ts";
import { disposeParams, emaParams, mapEntries, type Params } from "../../model/nn/params.ts";
import type { TrainableWorldModel, TrainingBatch } from "../../model/worldModel.ts";
import type { Objective, ObjectiveInputs } from "../../objective/objective.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { type WindowBatch, windowLoss } from "../base/loss.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { OPTIMISER_DEFAULTS, type OptimiserConfig, optimiserStep } from "../optimiser/optimiser.ts";
import type { PostConfig } from "./config.ts";

/** What a run carries from iteration to iteration. */
export interface PolicyState extends Record<string, Params> {
  /** The policy that is trained. */
  params: Params;
  optimiser: Params;
  /** The old policy: it acts, and it is what the objective compares with. */
  old: Params;
  /** The average that is evaluated. */
  ema: Params;
}

export interface Rates {
  lr: tf.Scalar;
  /** 1 for the run's first optimiser step. */
  step: tf.Scalar;
  oldDecay: tf.Scalar;
  emaDecay: tf.Scalar;
}

/** One optimiser step's samples. */
export interface Minibatch {
  batch: TrainingBatch;
  /** Clean clips, [R, n, c]. */
  target: tf.Tensor;
  /** [R] */
  optimality: tf.Tensor;
  /** One element, or none: windows of real data. */
  anchor: WindowBatch[];
}

export interface UpdateResult {
  state: PolicyState;
  loss: tf.Scalar;
  gradNorm: tf.Scalar;
}

export interface Update {
  (state: PolicyState, minibatch: Minibatch, reference: Params[], rates: Rates): UpdateResult;
  dispose(): void;
}

export const optimiserOf = (model: TrainableWorldModel, { update }: PostConfig): OptimiserConfig => ({
  ...OPTIMISER_DEFAULTS,
  muon: (name) => model.isMatrix(name),
  adamwScale: update.adamwScale,
  clipNorm: update.clipNorm,
  adamwConfig: { ...OPTIMISER_DEFAULTS.adamwConfig, weightDecay: update.weightDecay },
  muonConfig: { ...OPTIMISER_DEFAULTS.muonConfig, weightDecay: update.weightDecay },
});

/** Context lengths 0 to 5, with and without an anchor. */
const SIGNATURES = 12;

/** Which parameters are trained, by name; the others stay as they are. */
export type Trains = (name: string) => boolean;

export const trainedOf = (params: Params, trains: Trains): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => trains(name)));

/** @param anchorConfig of the network whose windows anchor it */
export function makeUpdate(
  model: TrainableWorldModel,
  objective: Objective,
  config: PostConfig,
  trains: Trains,
  anchorConfig?: DitConfig,
): Update {
  const optimiser = optimiserOf(model, config);
  const gradients = compile(
    (params: Params, old: Params, reference: Params[], { batch, target, optimality, anchor }: Minibatch) => {
      const vOld = model.velocity(old, batch);
      const fixed = reference.map((p) => model.velocity(p, batch));
      const { xt, sigma, mask } = batch;
      const loss = (p: Params): tf.Scalar => {
        const inputs: ObjectiveInputs = { xt, sigma, mask, target, optimality, vOld, vTheta: model.velocity(p, batch) };
        const own = tf.mean(objective.loss(fixed.length > 0 ? { ...inputs, vReference: fixed[0] } : inputs));
        if (anchor.length === 0 || !anchorConfig) return own as tf.Scalar;
        return tf.add(own, tf.mul(windowLoss(p, anchorConfig, anchor[0]), config.update.anchor));
      };
      return lossAndGrads((own) => loss({ ...params, ...own }), trainedOf(params, trains));
    },
    { name: "objective", signatures: SIGNATURES },
  );
  const advance = compile(
    (state: PolicyState, grads: Params, { lr, step, oldDecay, emaDecay }: Rates) => {
      const next = optimiserStep(trainedOf(state.params, trains), grads, state.optimiser, lr, step, optimiser);
      const params = mapEntries(state.params, (kept, name) => next.params[name] ?? tf.clone(kept));
      const old = emaParams(state.old, params, oldDecay);
      const ema = emaParams(state.ema, params, emaDecay);
      return { state: { params, optimiser: next.state, old, ema }, gradNorm: next.gradNorm };
    },
    { name: "policy's step" },
  );
  const update = (state: PolicyState, minibatch: Minibatch, reference: Params[], rates: Rates): UpdateResult => {
    const { loss, grads } = gradients(state.params, state.old, reference, minibatch);
    const next = advance(state, grads, rates);
    disposeParams(grads);
    return { ...next, loss };
  };
  const dispose = (): void => {
    gradients.dispose();
    advance.dispose();
  };
  return Object.assign(update, { dispose });
}
