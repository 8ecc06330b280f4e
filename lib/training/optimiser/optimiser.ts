/** One optimiser step over all parameters: Muon for the named matrices, AdamW for the rest, after gradient clipping. */
import * as tf from "@tensorflow/tfjs-core";
import { type Params, subParams } from "../../model/nn/params.ts";
import { ADAMW_DEFAULTS, type AdamWConfig, adamwInit, adamwStep } from "./adamw.ts";
import { MUON_DEFAULTS, type MuonConfig, muonInit, muonStep } from "./muon.ts";

export interface OptimiserConfig {
  /** Which parameters take Muon; they must be matrices. */
  muon: (name: string) => boolean;
  /** AdamW's learning rate as a fraction of Muon's. */
  adamwScale: number;
  /** What multiplies it for single parameters. */
  scaleOf: (name: string) => number;
  /** Largest global gradient norm; larger gradients are scaled down to it. */
  clipNorm: number;
  adamwConfig: AdamWConfig;
  muonConfig: MuonConfig;
}

export const OPTIMISER_DEFAULTS: OptimiserConfig = {
  muon: () => false,
  adamwScale: 1,
  scaleOf: () => 1,
  clipNorm: 1,
  adamwConfig: ADAMW_DEFAULTS,
  muonConfig: MUON_DEFAULTS,
};

/** Zero moments for every parameter, named `<parameter>.<moment>`. */
export function initOptimiser(params: Params, config: OptimiserConfig): Params {
  const state: Params = {};
  for (const [name, param] of Object.entries(params)) {
    const own = config.muon(name) ? muonInit(param) : adamwInit(param);
    for (const [key, tensor] of Object.entries(own)) state[`${name}.${key}`] = tensor;
  }
  return state;
}

/** The Euclidean norm of all gradients together, as a scalar tensor. */
export const globalNorm = (grads: Params): tf.Scalar =>
  tf.tidy(() => tf.sqrt(tf.addN(Object.values(grads).map((g) => tf.sum(tf.square(g)) as tf.Scalar))));

/**
 * @param lr learning rate of this step
 * @param step 1 for the first step
 * @returns new parameters and state (the given ones are not disposed) and the gradient norm before clipping
 */
export function optimiserStep(
  params: Params,
  grads: Params,
  state: Params,
  lr: tf.Scalar,
  step: tf.Scalar,
  config: OptimiserConfig,
): { params: Params; state: Params; gradNorm: tf.Scalar } {
  const norm = globalNorm(grads);
  const shrink = tf.minimum(1, tf.div(config.clipNorm, tf.add(norm, 1e-12)));
  const nextParams: Params = {};
  const nextState: Params = {};
  for (const [name, param] of Object.entries(params)) {
    const grad = tf.mul(grads[name], shrink);
    const own = subParams(state, name);
    const result = config.muon(name)
      ? muonStep(param, grad, own, lr, config.muonConfig)
      : adamwStep(param, grad, own, tf.mul(lr, config.adamwScale * config.scaleOf(name)), step, config.adamwConfig);
    nextParams[name] = result.param;
    for (const [key, tensor] of Object.entries(result.state)) nextState[`${name}.${key}`] = tensor;
  }
  return { params: nextParams, state: nextState, gradNorm: norm };
}
