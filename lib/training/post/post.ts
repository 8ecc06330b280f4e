/**
 * Post-training by clip-level rollouts and negative-aware fine-tuning (WorldCompass, arXiv 2602.09022): roll out groups with
 * the old policy, score them, keep the best and the worst, update. Rewards, objective, curriculum and exploration are
 * values that the caller passes in; everything random depends on (seed, iteration) alone.
 */
import * as tf from "@tensorflow/tfjs-core";
import { cloneParams, disposeParams, type Params } from "../../model/nn/params.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../model/sampler.ts";
import type { TrainableWorldModel } from "../../model/worldModel.ts";
import type { Objective } from "../../objective/objective.ts";
import { checkWeights } from "../../rewards/check.ts";
import type { Scoring, Weighted } from "../../rewards/reward.ts";
import type { Curriculum } from "../../rollout/curriculum.ts";
import type { Exploration } from "../../rollout/explore.ts";
import type { Prompt } from "../../rollout/prompt.ts";
import { type RollOut, rollOutHere } from "../../rollout/roll-out.ts";
import { UserError } from "../../util/errors.ts";
import { deviation, mean } from "../../util/statistics.ts";
import type { Tree } from "../../util/tree.ts";
import { initOptimiser } from "../optimiser/optimiser.ts";
import { type Metrics, runTraining, type Stepped } from "../run.ts";
import { checkedPostConfig, POST_TRAINING, type PostConfig } from "./config.ts";
import { type Anchor, disposeMinibatch, minibatchOf } from "./minibatch.ts";
import { scoreGroups } from "./score.ts";
import { minibatchesOf, type Scores, type SelectedPair, selectPairsOf } from "./select.ts";
import {
  makeUpdate,
  optimiserOf,
  type PolicyState,
  type Rates,
  type Trains,
  trainedOf,
  type Update,
} from "./update.ts";

/** What a post-training run is made of. */
export interface PostTraining {
  readonly dir: string;
  /** The base model: where training starts, and the reference policy. */
  readonly base: TrainableWorldModel;
  readonly rewards: readonly Weighted<Scoring>[];
  readonly objective: Objective;
  readonly curriculum: Curriculum;
  /** Default: what `config.rollout.explore` says. */
  readonly exploration?: Exploration;
  /** The prompts of an iteration; the same (seed, iteration) gives the same. */
  readonly prompts: (iteration: number) => readonly Prompt[] | Promise<readonly Prompt[]>;
  /** Where groups are rolled out; default: in this process. */
  readonly rollOut?: RollOut;
  readonly config: PostConfig;
  /** Which parameters are trained, by name. Default: all. */
  readonly trains?: Trains;
  /** What else shapes the run, for its config.json: a name for a curriculum, or the hash of a network. */
  readonly about?: Tree;
  readonly saveEvery: number;
  /** Real data for the anchor, and the network that reads it; needed where its weight is above 0. */
  readonly anchor?: Anchor;
  /** Called before every save, for example to evaluate. */
  readonly onSave?: (model: TrainableWorldModel, iteration: number) => Metrics | Promise<Metrics>;
  /** Called after every save. */
  readonly afterSave?: (iteration: number) => void;
}

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
function updatePolicies(run: Run, before: PolicyState, pairs: readonly SelectedPair[][], i: number) {
  const [losses, norms]: number[][] = [[], []];
  const reference = run.objective.reference ? [run.base.params] : [];
  let state = before;
  for (const [j, minibatchPairs] of minibatchesOf(pairs, run.config.update.steps).entries()) {
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

/** @throws UserError where the curriculum gives no clip of the video */
function depthAt({ curriculum, config }: Run, i: number): number {
  const { horizon } = config.rollout;
  const depth = curriculum(i, horizon, config.seed);
  if (Number.isInteger(depth) && depth >= 0 && depth < horizon) return depth;
  throw new UserError(
    `the curriculum gives ${depth} in iteration ${i}`,
    `let it give a clip, 0 to ${horizon - 1} (rollout.horizon is ${horizon})`,
  );
}

async function iterate(run: Run, before: PolicyState, i: number): Promise<Stepped> {
  const { base, config, rewards, exploration, rollOut = rollOutHere } = run;
  const { branches, explore } = config.rollout;
  const depth = depthAt(run, i);
  const options = { branches, explore, exploration, key: [config.seed, "rollout", i] };
  const groups = await rollOut(base.withParams(before.old), await run.prompts(i), depth, options);
  const scores = await scoreGroups(groups, rewards);
  const shuffle = config.placebo ? [config.seed, i] : undefined;
  const pairs = selectPairsOf(groups, scores, rewards, { keep: config.update.keep, shuffle });
  const { state, metrics } = updatePolicies(run, before, pairs, i);
  const dead = pairs.filter(({ length }) => length === 0).length / pairs.length;
  const charts = { "charts/depth": depth, "charts/deadGroups": dead };
  return { state, metrics: { ...rewardMetrics(scores, rewards), ...charts, ...metrics } };
}

function check({ base, rewards, anchor, trains }: PostTraining, { update }: PostConfig): void {
  checkWeights(rewards);
  if (trains && !Object.keys(base.params).some(trains))
    throw new UserError("post-training that trains no parameter", "name some of the model's");
  if (update.anchor > 0 && !anchor)
    throw new UserError("an anchor weight without real data", "give a corpus, or set update.anchor to 0");
}

/**
 * Post-trains a world model by clip-level rollouts and an objective on scored candidates (WorldCompass, arXiv 2602.09022,
 * algorithm 1), or goes on where a run in `dir` stopped.
 *
 * @returns the averaged policy's parameters: `base.withParams(params)` is the trained model
 * @throws UserError on numbers, weights or a curriculum that make no sense, on scores that are not finite numbers (naming the
 *   reward, the prompt and the branch), and on a folder of another run
 * @example
 * ```ts
 * import { nft, openWorld, postConfig, postTrain, promptsOf, type Reward, readMetrics, untrainedModel } from "worldcompass";
 * const world = await openWorld("courtyard");
 * const base = await untrainedModel(world, { width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
 * const brightness: Reward = {
 *   name: "brightness",
 *   score: (clips) => clips.map(({ frames }) => frames.reduce((sum, byte) => sum + byte, 0) / frames.length / 255),
 * };
 * const prompts = await promptsOf(world, "rl", "combined", 2, 1);
 * const params = await postTrain({
 *   dir: "runs/brightness",
 *   base,
 *   rewards: [{ reward: brightness, weight: 1 }],
 *   objective: nft(),
 *   curriculum: () => 0,
 *   prompts: () => prompts,
 *   config: postConfig({ iterations: 1, rollout: { horizon: 1, branches: 4 }, update: { keep: 1, steps: 1 } }),
 *   saveEvery: 1,
 * });
 * const trained = base.withParams(params);
 * console.log(trained.step.translation, readMetrics("runs/brightness").length); // => 0.1 1
 * ```
 */
export async function postTrain(options: PostTraining): Promise<Params> {
  const config = checkedPostConfig(options.config, sigmaSchedule(SAMPLER_DEFAULTS).length - 1);
  check(options, config);
  const { dir, base, objective, rewards, about, saveEvery, anchor, onSave, afterSave, trains = () => true } = options;
  const update = makeUpdate(base, objective, config, trains, anchor?.model);
  const run: Run = { ...options, config, update };
  // How long is no part of what a run is: a finished one goes on where more iterations are asked for.
  const { iterations, ...shape } = config;
  const weights = Object.fromEntries(rewards.map(({ reward, weight }) => [reward.name, weight]));
  const start = (): PolicyState => ({
    params: cloneParams(base.params),
    optimiser: initOptimiser(trainedOf(base.params, trains), optimiserOf(base, config)),
    old: cloneParams(base.params),
    ema: cloneParams(base.params),
  });
  const { ema } = await runTraining({
    dir,
    steps: iterations,
    config: { ...shape, ...about, rewards: weights, objective: objective.name },
    presets: POST_TRAINING,
    saveEvery,
    logEvery: 1,
    start,
    step: (state, i) => iterate(run, state as PolicyState, i),
    afterSave,
    onSave: onSave && ((state, step) => onSave(base.withParams(state.ema), step)),
  });
  update.dispose();
  return ema;
}
