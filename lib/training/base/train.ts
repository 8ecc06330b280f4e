/**
 * Pre-training of the base model: flow matching on windows of the data at a constant rate, for as long as one likes, then a
 * cool-down from any point.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { DepthNetwork } from "../../model/depth/depth.ts";
import type { DitConfig } from "../../model/dit/config.ts";
import { ditSpec, isMuon } from "../../model/dit/spec.ts";
import { cloneParams, emaParams, initParams, type Params } from "../../model/nn/params.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { parseConfig } from "../../util/config.ts";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import type { Tree } from "../../util/tree.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, type OptimiserConfig, optimiserStep } from "../optimiser/optimiser.ts";
import { type Metrics, runTraining, type TrainState } from "../run.ts";
import { BASE_TRAINING, type BaseConfig, baseTraining, NOISE_DEFAULTS } from "./config.ts";
import type { Corpus } from "./corpus.ts";
import { disposeWindows, type WindowBatch, windowBatch, windowLoss } from "./loss.ts";
import { loadOwnClips, makeOwnClips, type OwnClips, saveOwnClips } from "./own-clips.ts";
import { drawWindow, TARGET_SLOTS } from "./window.ts";

export interface BaseTraining {
  readonly dir: string;
  readonly model: DitConfig;
  readonly config: BaseConfig;
  readonly corpus: Corpus;
  /** Held-out trajectories for the validation loss. */
  readonly validation: Corpus;
  readonly tokeniser: Tokeniser;
  /** Reads depths for a model that recalls; then the corpora hold what is recalled. */
  readonly recall?: DepthNetwork;
  /** Steps at the constant rate; a finished run goes on where more are asked for. */
  readonly steps: number;
  /** Falls linearly to 0 over `steps`, from the state of another run. */
  readonly cooldown?: { readonly from: TrainState; readonly step: number };
  /** Weights to begin with instead of fresh ones, and their hash: further training, a control. */
  readonly from?: { readonly params: Params; readonly sha256: string };
}

/** What a step is told beside its windows: rates, and its own number from 1. */
export interface Rates {
  lr: tf.Scalar;
  step: tf.Scalar;
  decay: tf.Scalar;
}

const optimiserOf = ({ adamwScale, clipNorm }: BaseConfig): OptimiserConfig => ({
  ...OPTIMISER_DEFAULTS,
  muon: isMuon,
  adamwScale,
  clipNorm,
});

/** One compiled step: the state after it, and what it saw. The caller owns everything that it returns. */
export function baseStep(model: DitConfig, config: BaseConfig) {
  const optimiser = optimiserOf(config);
  return compile(
    (state: TrainState, batch: WindowBatch, { lr, step, decay }: Rates) => {
      const value = lossAndGrads((p) => windowLoss(p, model, batch), state.params);
      const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, optimiser);
      const ema = emaParams(state.ema, next.params, decay);
      return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss, gradNorm: next.gradNorm };
    },
    { name: "base model's step" },
  );
}

/** The state before the first step. */
export const beginBase = (params: Params, config: BaseConfig): TrainState => ({
  params,
  optimiser: initOptimiser(params, optimiserOf(config)),
  ema: cloneParams(params),
});

/** Of step `i`, the steps before the cool-down included. */
function ratesAt({ config, steps, cooldown }: BaseTraining, i: number): Rates {
  const { lr, warmup, ema } = config;
  const count = i + (cooldown?.step ?? 0);
  const rate = cooldown ? lr * (1 - i / steps) : lr * Math.min(1, (i + 1) / warmup);
  return {
    lr: tf.scalar(rate),
    step: tf.scalar(count + 1),
    decay: tf.scalar(Math.min(ema, (count + 1) / (count + 10))),
  };
}

const VALIDATION_WINDOWS = 16;

/** Loss on fixed windows of held-out trajectories, with fixed noise. */
export function validationLoss(params: Params, model: DitConfig, corpus: Corpus, noise = NOISE_DEFAULTS): number {
  const windows = Array.from({ length: VALIDATION_WINDOWS }, (_, i) =>
    drawWindow(corpus, noise, Rng.of("validation", i)),
  );
  const losses = windows.map((window) => {
    const batch = windowBatch([window], model);
    const loss = tf.tidy(() => windowLoss(params, model, batch).dataSync()[0]);
    disposeWindows(batch);
    return loss;
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}

/** Gives each step the model's own trajectories: made at the latest multiple of `ownEvery`, and kept for a resumed run. */
function ownClipsOf({ dir, model, config, corpus, tokeniser, recall, cooldown, from }: BaseTraining) {
  const { ownEvery, own: count, seed } = config;
  let known: { own: OwnClips; since: number } | undefined;
  return async (state: TrainState, i: number): Promise<OwnClips | undefined> => {
    // Fresh weights have nothing to show yet.
    if (ownEvery === 0 || (i < ownEvery && !cooldown && !from)) return undefined;
    const since = i - (i % ownEvery);
    if (known?.since === since) return known.own;
    if (i === since) {
      const key = [seed, cooldown ? "cooldown" : "base", "own clips", i];
      saveOwnClips(dir, await makeOwnClips(state.ema, { config: model, corpus, tokeniser, recall, count, key }), i);
    }
    // Read back even where just made, so that a resumed run cannot differ.
    known = { own: loadOwnClips(dir, since), since };
    return known.own;
  };
}

function check({ config, corpus, validation, steps, recall }: BaseTraining): void {
  const { ownEvery, saveEvery, own } = parseConfig(baseTraining, config);
  if (!Number.isInteger(steps) || steps < 1) throw new UserError(`${steps} steps`, "give a whole number, 1 or more");
  if (ownEvery % saveEvery !== 0) {
    throw new UserError(
      `${own} own trajectories every ${ownEvery} steps, saved every ${saveEvery}`,
      "give a multiple of saveEvery, or 0 for never",
    );
  }
  for (const { recalled } of [corpus, validation]) {
    if ((recalled === undefined) === (recall === undefined)) continue;
    throw new UserError("a model that recalls needs corpora that do, and only that", "open them with `recalling`");
  }
  for (const { clips } of [corpus, validation]) {
    if (clips > TARGET_SLOTS) continue;
    throw new UserError(`trajectories of ${clips} clips are too short`, `give more than ${TARGET_SLOTS} clips`);
  }
}

/** What a run's config.json says: everything that shapes it. */
export const describeBase = ({ model, config, steps, cooldown, from, recall }: BaseTraining): Tree => ({
  model,
  ...config,
  ...(cooldown ? { steps, from: cooldown.step } : {}),
  ...(from ? { from: from.sha256 } : {}),
  ...(recall ? { recall: recall.sha256 } : {}),
});

/** Trains, or resumes, in `dir`. @returns the state; its `ema` is the model */
export async function trainBase(options: BaseTraining): Promise<TrainState> {
  check(options);
  const { dir, model, corpus, validation, steps, cooldown, from } = options;
  const config = parseConfig(baseTraining, options.config);
  const { noise } = config;
  const run = baseStep(model, config);
  const ownAt = ownClipsOf(options);
  const step = async (state: TrainState, i: number) => {
    const rng = Rng.of(config.seed, cooldown ? "cooldown" : "base", i);
    const own = await ownAt(state, i);
    const batch = windowBatch(
      Array.from({ length: config.batch }, () => drawWindow(corpus, noise, rng, own)),
      model,
    );
    const rates = ratesAt(options, i);
    const { state: next, loss, gradNorm } = run(state, batch, rates);
    const metrics: Metrics = { loss: loss.dataSync()[0], gradNorm: gradNorm.dataSync()[0] };
    disposeWindows(batch);
    tf.dispose([Object.values(rates), loss, gradNorm]);
    return { state: next, metrics };
  };
  const start = (): TrainState => {
    if (cooldown) return Object.fromEntries(Object.entries(cooldown.from).map(([k, group]) => [k, cloneParams(group)]));
    return beginBase(from ? cloneParams(from.params) : initParams(ditSpec(model), config.seed), config);
  };
  const onSave = (state: TrainState): Metrics => ({
    validation: validationLoss(state.ema, model, validation, noise),
  });
  return runTraining({
    dir,
    steps,
    config: describeBase({ ...options, config }),
    presets: BASE_TRAINING,
    saveEvery: config.saveEvery,
    logEvery: 10,
    start,
    step,
    onSave,
  });
}
