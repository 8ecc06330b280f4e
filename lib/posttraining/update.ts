/** One optimiser step of post-training as a compiled function. */
import * as tf from "@tensorflow/tfjs-core";
import { type CompiledFunction, compile } from "../backend/compile.ts";
import type { KeyValue } from "../model/attention.ts";
import type { ModelConfig } from "../model/config.ts";
import { velocityWithCache } from "../model/dit.ts";
import { isMuon } from "../model/spec.ts";
import { lossAndGrads } from "../nn/gradients.ts";
import { OPTIMISER_DEFAULTS, type OptimiserConfig, optimiserStep } from "../nn/optimiser.ts";
import { emaParams, type Params } from "../nn/params.ts";
import type { Objective } from "../objective/index.ts";
import { type WindowBatch, windowLoss } from "../pretraining/loss.ts";
import { contextKeys } from "../rollout/situation.ts";
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

export type Update = CompiledFunction<[PolicyState, FixedPolicies, UpdateBatch, WindowBatch[], Rates], UpdateResult>;

export const optimiserOf = ({ adamwScale, weightDecay, clipNorm }: PostTrainConfig): OptimiserConfig => ({
  ...OPTIMISER_DEFAULTS,
  muon: isMuon,
  adamwScale,
  clipNorm,
  adamwConfig: { ...OPTIMISER_DEFAULTS.adamwConfig, weightDecay },
  muonConfig: { ...OPTIMISER_DEFAULTS.muonConfig, weightDecay },
});

/** Context lengths, with and without context. */
const SIGNATURES = 6;

/**
 * One optimiser step as a function of tensors. The context's keys and values come from each policy's own weights, and
 * no gradient goes through them.
 */
export function updateFunction(shape: ModelConfig, objective: Objective, config: PostTrainConfig) {
  const optimiser = optimiserOf(config);
  return (
    state: PolicyState,
    { behaviour, reference }: FixedPolicies,
    batch: UpdateBatch,
    windows: WindowBatch[],
    { lr, step, oldDecay, emaDecay }: Rates,
  ): UpdateResult => {
    const { contexts, rowOf, target, points } = batch;
    const keysOf = (p: Params): KeyValue[] => contextKeys(p, shape, contexts, rowOf);
    const velocityOf = (p: Params, keys = keysOf(p)): tf.Tensor => velocityWithCache(p, shape, target, keys);
    const keys = keysOf(state.params);
    const vOld = velocityOf(behaviour);
    const [vReference] = reference.map((p) => velocityOf(p));
    const anchorOf = (p: Params): tf.Scalar =>
      windows.length === 0 ? tf.scalar(0) : tf.mul(windowLoss(p, shape, windows[0]), config.anchorWeight);
    const lossOf = (p: Params): tf.Scalar => {
      const inputs = { ...points, xt: target.tokens, vOld, vReference, vTheta: velocityOf(p, keys) };
      return tf.add(tf.mean(objective.loss(inputs)), anchorOf(p)) as tf.Scalar;
    };
    const { loss, grads } = lossAndGrads(lossOf, state.params);
    const next = optimiserStep(state.params, grads, state.optimiser, lr, step, optimiser);
    const old = emaParams(state.old, next.params, oldDecay);
    const ema = emaParams(state.ema, next.params, emaDecay);
    const policies = { params: next.params, optimiser: next.state, old, ema };
    return { state: policies, loss, gradNorm: next.gradNorm };
  };
}

export const makeUpdate = (shape: ModelConfig, objective: Objective, config: PostTrainConfig): Update =>
  compile(updateFunction(shape, objective, config), { name: "post-training step", signatures: SIGNATURES });
