/**
 * One iteration of post-training, part by part: roll out with the old policy, judge, select, update. Everything random
 * depends on (seed, iteration) alone.
 */
import * as tf from "@tensorflow/tfjs-core";
import { cloneParams, disposeParams, type Params } from "../../model/nn/params.ts";
import {
  branchClips,
  branchSequences,
  decodeTrees,
  type RolloutTree,
  rlPrompts,
  scoreTrees,
  targetClip,
} from "../../rollout/index.ts";
import { Rng } from "../../util/rng.ts";
import { mean } from "../../util/statistics.ts";
import { initOptimiser } from "../optimiser/optimiser.ts";
import { trapezoid } from "../optimiser/schedule.ts";
import { type WindowBatch, windowBatch } from "../pretraining/loss.ts";
import { drawWindow, NOISE_DEFAULTS } from "../pretraining/window.ts";
import type { Metrics } from "../run.ts";
import { disposeBatch, updateBatch } from "./batch.ts";
import type { PostTrainConfig } from "./config.ts";
import type { Lab } from "./lab.ts";
import { rewardMetrics, Stopwatch } from "./metrics.ts";
import { deadShare, dealPairs, type KeptPair, type Selection, selectBranches } from "./select.ts";
import { optimiserOf, type PolicyState, type Rates } from "./update.ts";

/** All policies are the base model, the optimiser has seen nothing. */
export const startPolicies = ({ base, config }: Lab): PolicyState => ({
  params: cloneParams(base),
  optimiser: initOptimiser(base, optimiserOf(config)),
  old: cloneParams(base),
  ema: cloneParams(base),
});

/** The branches of iteration `i` under a policy. */
export function rollOut({ config, shape, tokeniser, clipSampler }: Lab, params: Params, i: number): RolloutTree[] {
  const { seed, sampler, rollout } = config;
  const { horizon, prompts: count, combined, revisits, branches, exploration } = rollout;
  const prompts = rlPrompts(seed, i, count, horizon, { combined, revisits });
  const options = { sampler, branches, exploration, key: [seed, "rollout", i] };
  const policy = { params, shape, tokeniser };
  if (rollout.unit === "sequence") return branchSequences(policy, prompts, horizon, options);
  const target = targetClip(rollout.curriculum, i, horizon, seed);
  return branchClips(policy, clipSampler, prompts, target, options);
}

export interface Updated {
  state: PolicyState;
  metrics: Metrics;
}

/** The optimiser steps of iteration `i` on what was selected; none, and the same policies, where nothing differs. */
export function updatePolicies(lab: Lab, before: PolicyState, selection: Selection, i: number): Updated {
  const [losses, norms]: number[][] = [[], []];
  let state = clonePolicies(before);
  dealPairs(selection, lab.config.optimiser.steps).forEach((pairs, j) => {
    // Without a difference there is only rounding, which Muon and AdamW would bring to full size.
    if (pairs.length === 0) return;
    const result = updateOnce(lab, state, before.old, pairs, i, j);
    losses.push(result.loss.dataSync()[0]);
    norms.push(result.gradNorm.dataSync()[0]);
    tf.dispose([result.loss, result.gradNorm]);
    for (const group of Object.values(state)) disposeParams(group);
    state = result.state;
  });
  const metrics = { "charts/deadGroups": deadShare(selection), "charts/optimiserSteps": losses.length };
  if (losses.length === 0) return { state, metrics };
  return { state, metrics: { ...metrics, "losses/objective": mean(losses), "losses/gradNorm": mean(norms) } };
}

const clonePolicies = ({ params, optimiser, old, ema }: PolicyState): PolicyState => ({
  params: cloneParams(params),
  optimiser: cloneParams(optimiser),
  old: cloneParams(old),
  ema: cloneParams(ema),
});

/** @param sampled the policy that acted; Flow-GRPO's ratio is to it, whatever the old policy has become since */
function updateOnce(lab: Lab, state: PolicyState, sampled: Params, pairs: KeptPair[], i: number, j: number) {
  const { config, objective, base, update } = lab;
  const key = [config.seed, "update", i, j];
  const batch = updateBatch(pairs, objective.transitions, config, key, lab.codec);
  const windows = anchorWindows(lab, key);
  const rates = ratesAt(lab, i, j);
  const behaviour = objective.transitions ? sampled : state.old;
  const result = update(state, { behaviour, reference: objective.reference ? [base] : [] }, batch, windows, rates);
  disposeBatch(batch);
  for (const { context, targets, ...rest } of windows)
    tf.dispose([Object.values(context), Object.values(targets), Object.values(rest)]);
  tf.dispose(Object.values(rates));
  return result;
}

function anchorWindows({ config, corpus, codec }: Lab, key: (string | number)[]): WindowBatch[] {
  if (config.anchor.weight === 0 || !corpus) return [];
  const rng = Rng.of(...key, "anchor");
  const windows = Array.from({ length: config.anchor.batch }, () => drawWindow(corpus, NOISE_DEFAULTS, rng));
  return [windowBatch(windows, codec)];
}

function ratesAt({ config }: Lab, i: number, j: number): Rates {
  const { oldStart, oldSlope, oldMax, ema } = config.averages;
  return {
    lr: tf.scalar(learningRate(config, i)),
    step: tf.scalar(i * config.optimiser.steps + j + 1),
    oldDecay: tf.scalar(Math.min(oldMax, oldStart + oldSlope * i)),
    emaDecay: tf.scalar(ema),
  };
}

/** Of iteration `i`: linear warm-up, constant, linear cooldown to a fiftieth. */
export const learningRate = ({ optimiser, iterations }: PostTrainConfig, i: number): number => {
  const { lr, warmup, cooldown } = optimiser;
  return trapezoid(i, iterations, { peak: lr, warmup: Math.max(1, warmup), decay: cooldown });
};

/** A whole iteration. */
export function iterate(lab: Lab, before: PolicyState, i: number): Updated {
  const watch = new Stopwatch();
  const trees = watch.time("rollout", () => rollOut(lab, before.old, i));
  const decoded = watch.time("decode", () => decodeTrees(lab.tokeniser, trees));
  const scored = watch.time("reward", () => scoreTrees(decoded, lab.rewards));
  const selection = selectBranches(scored, lab.rewards, lab.config.rollout.keep);
  const { state, metrics } = watch.time("update", () => updatePolicies(lab, before, selection, i));
  return { state, metrics: { ...rewardMetrics(scored, lab.rewards), ...metrics, ...watch.metrics() } };
}
