/**
 * One optimiser step of post-training as two compiled functions: the gradients, of which there is a graph for every
 * length of the context, and the step along them, which knows nothing of the context and needs only one.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { KeyValue } from "../../model/legacy/attention.ts";
import type { ModelConfig } from "../../model/legacy/config.ts";
import { velocityWithCache } from "../../model/legacy/dit.ts";
import { isDecision, isMuon } from "../../model/legacy/spec.ts";
import { disposeParams, emaParams, type Params } from "../../model/nn/params.ts";
import type { Objective } from "../../objective/index.ts";
import { contextKeys } from "../../rollout/situation.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { OPTIMISER_DEFAULTS, type OptimiserConfig, optimiserStep } from "../optimiser/optimiser.ts";
import { type WindowBatch, windowLoss } from "../pretraining/loss.ts";
import type { UpdateBatch } from "./batch.ts";
import type { PostTrainConfig } from "./config.ts";

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

/** Policies that an optimiser step reads without changing them. */
export interface FixedPolicies {
  /** Whose predictions count as the old ones. */
  behaviour: Params;
  /** One element where the objective wants a reference policy. */
  reference: Params[];
}

export interface Rates {
  lr: tf.Scalar;
  /** 1 for the run's first optimiser step. */
  step: tf.Scalar;
  oldDecay: tf.Scalar;
  emaDecay: tf.Scalar;
}

export interface UpdateResult {
  state: PolicyState;
  /** The objective's mean over the batch, and the anchor where there is one. */
  loss: tf.Scalar;
  gradNorm: tf.Scalar;
}

type Step = (
  state: PolicyState,
  fixed: FixedPolicies,
  batch: UpdateBatch,
  windows: WindowBatch[],
  rates: Rates,
) => UpdateResult;

export interface Update extends Step {
  dispose(): void;
}

export const optimiserOf = ({
  optimiser: { adamwScale, decisionScale, weightDecay, clipNorm },
}: PostTrainConfig): OptimiserConfig => ({
  ...OPTIMISER_DEFAULTS,
  muon: isMuon,
  adamwScale,
  scaleOf: (name) => (isDecision(name) ? decisionScale : 1),
  clipNorm,
  adamwConfig: { ...OPTIMISER_DEFAULTS.adamwConfig, weightDecay },
  muonConfig: { ...OPTIMISER_DEFAULTS.muonConfig, weightDecay },
});

/** Context lengths, with and without context. */
const SIGNATURES = 6;

/**
 * Loss and gradients of the policy that is trained. The context's keys and values come from each policy's own weights,
 * and no gradient goes through them.
 */
const gradientsOf =
  (shape: ModelConfig, objective: Objective, { anchor }: PostTrainConfig) =>
  (params: Params, { behaviour, reference }: FixedPolicies, batch: UpdateBatch, windows: WindowBatch[]) => {
    const { contexts, rowOf, target, points } = batch;
    const keysOf = (p: Params): KeyValue[] => contextKeys(p, shape, contexts, rowOf);
    const velocityOf = (p: Params, keys = keysOf(p)): tf.Tensor => velocityWithCache(p, shape, target, keys);
    const keys = keysOf(params);
    const vOld = velocityOf(behaviour);
    const [vReference] = reference.map((p) => velocityOf(p));
    const anchorOf = (p: Params): tf.Scalar =>
      windows.length === 0 ? tf.scalar(0) : tf.mul(windowLoss(p, shape, windows[0]), anchor.weight);
    const lossOf = (p: Params): tf.Scalar => {
      const inputs = { ...points, xt: target.tokens, vOld, vReference, vTheta: velocityOf(p, keys) };
      return tf.add(tf.mean(objective.loss(inputs)), anchorOf(p)) as tf.Scalar;
    };
    return lossAndGrads(lossOf, params);
  };

/** All policies after a step along the gradients. */
const stepOf =
  (config: OptimiserConfig) =>
  ({ params, optimiser, ...averages }: PolicyState, grads: Params, { lr, step, oldDecay, emaDecay }: Rates) => {
    const next = optimiserStep(params, grads, optimiser, lr, step, config);
    const old = emaParams(averages.old, next.params, oldDecay);
    const ema = emaParams(averages.ema, next.params, emaDecay);
    return { state: { params: next.params, optimiser: next.state, old, ema }, gradNorm: next.gradNorm };
  };

const join =
  (gradients: ReturnType<typeof gradientsOf>, stepAlong: ReturnType<typeof stepOf>): Step =>
  (state, fixed, batch, windows, rates) => {
    const { loss, grads } = gradients(state.params, fixed, batch, windows);
    const next = stepAlong(state, grads, rates);
    disposeParams(grads);
    return { ...next, loss };
  };

/** One optimiser step as a function of tensors. */
export const updateFunction = (shape: ModelConfig, objective: Objective, config: PostTrainConfig): Step =>
  join(gradientsOf(shape, objective, config), stepOf(optimiserOf(config)));

export function makeUpdate(shape: ModelConfig, objective: Objective, config: PostTrainConfig): Update {
  const options = { name: "post-training gradients", signatures: SIGNATURES };
  const gradients = compile(gradientsOf(shape, objective, config), options);
  const stepAlong = compile(stepOf(optimiserOf(config)), { name: "post-training step" });
  const dispose = (): void => {
    gradients.dispose();
    stepAlong.dispose();
  };
  return Object.assign(join(gradients, stepAlong), { dispose });
}
