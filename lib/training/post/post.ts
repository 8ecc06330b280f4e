/**
 * Post-training by clip-level rollouts and negative-aware fine-tuning (WorldCompass, arXiv 2602.09022): roll out groups with
 * the old policy, score them, keep the best and the worst, update. Rewards, objective, curriculum and exploration are
 * values that the caller passes in; everything random depends on (seed, iteration) alone.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { DitConfig } from "../../model/dit/config.ts";
import { cloneParams, disposeParams, type Params } from "../../model/nn/params.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../model/sampler.ts";
import type { TrainableWorldModel, TrainingBatch, TrainingPoint } from "../../model/worldModel.ts";
import type { Objective } from "../../objective/index.ts";
import { checkScores, checkWeights, type Scoring, type Weighted } from "../../rewards/index.ts";
import { exploration } from "../../rollout/explore.ts";
import { type Group, rollOutGroups } from "../../rollout/group.ts";
import type { Prompt } from "../../rollout/prompt.ts";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import { deviation, mean } from "../../util/statistics.ts";
import type { Corpus } from "../base/corpus.ts";
import { disposeWindows, windowBatch } from "../base/loss.ts";
import { drawWindow, NOISE_DEFAULTS } from "../base/window.ts";
import { initOptimiser } from "../optimiser/optimiser.ts";
import { type Metrics, runTraining, type Stepped } from "../run.ts";
import { checkPostConfig, type PostConfig } from "./config.ts";
import { dealPairs, type KeptPair, type Scores, selectPairsOf } from "./select.ts";
import {
  type Minibatch,
  makeUpdate,
  optimiserOf,
  type PolicyState,
  type Rates,
  type Trains,
  trainedOf,
  type Update,
} from "./update.ts";

/** Which clip of the video an iteration trains, 0 for the first. */
export type Curriculum = (iteration: number, horizon: number, seed: number) => number;

export interface PostTraining {
  readonly dir: string;
  /** The base model: where training starts, and the reference policy. */
  readonly base: TrainableWorldModel;
  readonly rewards: readonly Weighted<Scoring>[];
  readonly objective: Objective;
  readonly curriculum: Curriculum;
  /** The prompts of an iteration; the same (seed, iteration) gives the same. */
  readonly prompts: (iteration: number) => readonly Prompt[] | Promise<readonly Prompt[]>;
  readonly config: PostConfig;
  /** Which parameters are trained, by name. Default: all. */
  readonly trains?: Trains;
  readonly saveEvery: number;
  /** Real data for the anchor, and the network that reads it; needed where its weight is above 0. */
  readonly anchor?: { readonly corpus: Corpus; readonly model: DitConfig };
  /** Called before every save, for example to evaluate. */
  readonly onSave?: (model: TrainableWorldModel, iteration: number) => Metrics | Promise<Metrics>;
}

/**
 * Scores of every reward on every group.
 * @returns for each reward, for each group
 * @throws UserError naming reward, prompt and branch where a score is not a finite number
 */
export async function scoreGroups(groups: readonly Group[], rewards: readonly Weighted<Scoring>[]): Promise<Scores[]> {
  const clips = groups.flatMap(({ judged }) => judged);
  const owners = groups.flatMap(({ judged }, g) => judged.map((_, b) => `prompt ${g}, branch ${b}`));
  const all: Scores[] = [];
  for (const { reward } of rewards) {
    const scores = checkScores(reward.name, await reward.score(clips), clips, (clip) => owners[clip]);
    let at = 0;
    all.push(
      groups.map(({ judged }) => {
        at += judged.length;
        return scores.slice(at - judged.length, at);
      }),
    );
  }
  return all;
}

/** Noise levels and noise of one candidate. */
function drawNoise({ update }: PostConfig, numbers: number, rng: Rng): { sigma: number; eps: Float32Array }[] {
  const levels = sigmaSchedule(SAMPLER_DEFAULTS).slice(0, -1);
  return rng
    .shuffled(levels)
    .slice(0, update.sigmas)
    .map((sigma) => ({ sigma, eps: rng.normals(numbers) }));
}

function minibatchOf(run: Run, pairs: readonly KeptPair[], key: readonly (string | number)[]): Minibatch {
  const { base, config, anchor } = run;
  const points: TrainingPoint[] = [];
  const optimalities: number[] = [];
  for (const [p, pair] of pairs.entries())
    for (const [side, { group, candidate, optimality }] of pair.entries()) {
      const clip = group.candidates[candidate];
      // The two clips of a pair share levels and noise, so that what differs is the clips.
      const rng = Rng.of(...key, "noise", p, config.update.independentNoise ? side : 0);
      for (const noise of drawNoise(config, clip.latents.length, rng)) {
        points.push({ conditioning: group.conditioning, clip, ...noise });
        optimalities.push(optimality);
      }
    }
  const rng = Rng.of(...key, "anchor");
  const windows = (weight: number) =>
    anchor && weight > 0
      ? [
          windowBatch(
            Array.from({ length: config.update.anchorWindows }, () => drawWindow(anchor.corpus, NOISE_DEFAULTS, rng)),
            anchor.model,
          ),
        ]
      : [];
  return {
    batch: base.batch(points),
    goal: base.targets(points.map(({ clip }) => clip)),
    optimality: tf.tensor1d(optimalities),
    anchor: windows(config.update.anchor),
  };
}

function disposeMinibatch({ batch, goal, optimality, anchor }: Minibatch): void {
  disposeBatch(batch);
  tf.dispose([goal, optimality]);
  anchor.forEach(disposeWindows);
}

export const disposeBatch = ({ inputs, ...rest }: TrainingBatch): void =>
  tf.dispose([inputs as tf.TensorContainer, Object.values(rest)]);

interface Run extends PostTraining {
  readonly update: Update;
}

function ratesAt({ config }: Run, i: number, j: number): Rates {
  const { update, policies } = config;
  return {
    lr: tf.scalar(update.lr * Math.min(1, (i + 1) / Math.max(1, update.warmup))),
    step: tf.scalar(i * update.steps + j + 1),
    oldDecay: tf.scalar(Math.min(policies.oldMax, policies.oldStart + policies.oldSlope * i)),
    emaDecay: tf.scalar(policies.ema),
  };
}

/** The optimiser steps of iteration `i`; a minibatch without pairs takes none. */
function updatePolicies(run: Run, before: PolicyState, pairs: readonly KeptPair[][], i: number) {
  const [losses, norms]: number[][] = [[], []];
  const reference = run.objective.reference ? [run.base.params] : [];
  let state = before;
  for (const [j, minibatchPairs] of dealPairs(pairs, run.config.update.steps).entries()) {
    if (minibatchPairs.length === 0) continue;
    const minibatch = minibatchOf(run, minibatchPairs, [run.config.seed, "update", i, j]);
    const rates = ratesAt(run, i, j);
    const result = run.update(state, minibatch, reference, rates);
    losses.push(result.loss.dataSync()[0]);
    norms.push(result.gradNorm.dataSync()[0]);
    disposeMinibatch(minibatch);
    tf.dispose([result.loss, result.gradNorm, ...Object.values(rates)]);
    if (state !== before) for (const group of Object.values(state)) disposeParams(group);
    state = result.state;
  }
  const steps = losses.length;
  const metrics: Metrics = steps > 0 ? { "losses/objective": mean(losses), "losses/gradNorm": mean(norms) } : {};
  return { state, metrics: { ...metrics, "charts/optimiserSteps": steps } };
}

function rewardMetrics(scores: readonly Scores[], rewards: readonly Weighted<Scoring>[]): Metrics {
  const metrics: Metrics = {};
  for (const [k, { reward }] of rewards.entries()) {
    metrics[`charts/${reward.name}`] = mean(scores[k].map(mean));
    metrics[`charts/${reward.name}-within-group-std`] = mean(scores[k].map(deviation));
  }
  return metrics;
}

async function iterate(run: Run, before: PolicyState, i: number): Promise<Stepped> {
  const { base, config, rewards } = run;
  const { horizon, branches, explore } = config.rollout;
  const depth = run.curriculum(i, horizon, config.seed);
  const options = { branches, explore: exploration(explore), key: [config.seed, "rollout", i] };
  const groups = await rollOutGroups(base.withParams(before.old), await run.prompts(i), depth, options);
  const scores = await scoreGroups(groups, rewards);
  const shuffle = config.placebo ? [config.seed, i] : undefined;
  const pairs = selectPairsOf(groups, scores, rewards, { keep: config.update.keep, shuffle });
  const { state, metrics } = updatePolicies(run, before, pairs, i);
  const dead = pairs.filter(({ length }) => length === 0).length / pairs.length;
  const charts = { "charts/depth": depth, "charts/deadGroups": dead };
  return { state, metrics: { ...rewardMetrics(scores, rewards), ...charts, ...metrics } };
}

function check({ base, config, rewards, anchor, trains }: PostTraining): void {
  checkWeights(rewards);
  if (trains && !Object.keys(base.params).some(trains))
    throw new UserError("post-training that trains no parameter", "name some of the model's");
  checkPostConfig(config, sigmaSchedule(SAMPLER_DEFAULTS).length - 1);
  if (config.update.anchor > 0 && !anchor)
    throw new UserError("an anchor weight without real data", "give a corpus, or set the anchor's weight to 0");
}

/** Trains, or resumes, in `dir`. @returns the averaged policy's parameters */
export async function postTrain(options: PostTraining): Promise<Params> {
  check(options);
  const { dir, base, objective, config, saveEvery, anchor, onSave, trains = () => true } = options;
  const update = makeUpdate(base, objective, config, trains, anchor?.model);
  const run: Run = { ...options, update };
  const start = (): PolicyState => ({
    params: cloneParams(base.params),
    optimiser: initOptimiser(trainedOf(base.params, trains), optimiserOf(base, config)),
    old: cloneParams(base.params),
    ema: cloneParams(base.params),
  });
  const { ema } = await runTraining({
    dir,
    steps: config.iterations,
    config: { ...config },
    saveEvery,
    logEvery: 1,
    start,
    step: (state, i) => iterate(run, state as PolicyState, i),
    onSave: onSave && ((state, step) => onSave(base.withParams(state.ema), step)),
  });
  update.dispose();
  return ema;
}
