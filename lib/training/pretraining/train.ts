/** Pre-training of the world model: flow matching on windows of the corpus. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Codec, checkCodec } from "../../model/legacy/carried.ts";
import type { ModelConfig } from "../../model/legacy/config.ts";
import { isMuon, modelSpec } from "../../model/legacy/spec.ts";
import { cloneParams, emaParams, initParams, mapEntries, type Params } from "../../model/nn/params.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { parseConfig } from "../../util/config.ts";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, whole } from "../../util/schema.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, type OptimiserConfig, optimiserStep } from "../optimiser/optimiser.ts";
import { trapezoid } from "../optimiser/schedule.ts";
import { type Metrics, runTraining, type TrainState } from "../run.ts";
import type { Corpus } from "./corpus.ts";
import { type WindowBatch, windowBatch, windowLoss } from "./loss.ts";
import { loadRemade, type Remade, remake, saveRemade } from "./remade.ts";
import { drawWindow, NOISE_DEFAULTS, type NoiseConfig, TARGET_SLOTS } from "./window.ts";

export const pretraining = z.strictObject({
  seed: whole().default(0),
  steps: count().default(4000),
  batch: count().default(8).describe("Windows per step, four target clips each."),
  lr: positive().default(4e-3).describe("Peak learning rate of Muon."),
  adamwScale: positive().default(0.5).describe("What AdamW takes of it."),
  ema: decay().default(0.998).describe("Decay of the averaged weights that are kept in the end."),
  saveEvery: count().default(400),
  remakeEvery: whole()
    .default(400)
    .describe(
      "Steps after which the model makes trajectories anew, to be trained on its own clips; whole saves, 0: never.",
    ),
  remade: whole().default(48).describe("How many."),
});
export type PretrainConfig = z.infer<typeof pretraining>;
export const PRETRAINING: PretrainConfig = pretraining.parse({});

export interface Pretraining {
  dir: string;
  model: ModelConfig;
  config: PretrainConfig;
  corpus: Corpus;
  /** Held-out trajectories for the validation loss. */
  validation: Corpus;
  /** Windows of them, an even number; default 16. */
  validationWindows?: number;
  noise?: NoiseConfig;
  /** Decodes pictures for models that carry them along. */
  codec?: Codec;
  /** Weights to go on from, and their hash; default: fresh ones. */
  from?: { params: Params; sha256: string };
}

interface Rates {
  lr: tf.Scalar;
  step: tf.Scalar;
  decay: tf.Scalar;
}

const optimiserOf = ({ adamwScale }: PretrainConfig): OptimiserConfig => ({
  ...OPTIMISER_DEFAULTS,
  muon: isMuon,
  adamwScale,
});

function makeStep(model: ModelConfig, optimiser: OptimiserConfig) {
  return compile(
    (state: TrainState, batch: WindowBatch, { lr, step, decay }: Rates) => {
      const value = lossAndGrads((p) => windowLoss(p, model, batch), state.params);
      const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, optimiser);
      const ema = emaParams(state.ema, next.params, decay);
      return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss, gradNorm: next.gradNorm };
    },
    { name: "pre-training step" },
  );
}

const ratesAt = ({ lr, steps, ema }: PretrainConfig, i: number): Rates => ({
  lr: tf.scalar(trapezoid(i, steps, { peak: lr, warmup: 100 })),
  step: tf.scalar(i + 1),
  decay: tf.scalar(Math.min(ema, (i + 1) / (i + 10))),
});

function disposeBatch({ context, targets, ...rest }: WindowBatch): void {
  tf.dispose([Object.values(context), Object.values(targets), Object.values(rest)]);
}

const VALIDATION_WINDOWS = 16;

/** Loss on fixed windows of held-out scenes, with fixed noise. */
export function validationLoss(
  params: Params,
  model: ModelConfig,
  corpus: Corpus,
  noise = NOISE_DEFAULTS,
  codec?: Codec,
  count = VALIDATION_WINDOWS,
): number {
  const windows = Array.from({ length: count }, (_, i) => drawWindow(corpus, noise, Rng.of("validation", i)));
  const losses = [0, count / 2].map((start) => {
    const batch = windowBatch(windows.slice(start, start + count / 2), codec);
    const loss = tf.tidy(() => windowLoss(params, model, batch).dataSync()[0]);
    disposeBatch(batch);
    return loss;
  });
  return (losses[0] + losses[1]) / 2;
}

function checkLength({ clips }: Corpus): void {
  if (clips >= TARGET_SLOTS) return;
  throw new UserError(
    `trajectories of ${clips} clips are too short`,
    `give at least ${TARGET_SLOTS} clips (16 latents)`,
  );
}

/** Weights that an earlier model lacks start fresh. */
function startingParams(model: ModelConfig, seed: number, earlier: Params): Params {
  return mapEntries(initParams(modelSpec(model), seed), (fresh, name) => {
    if (!earlier[name]) return fresh;
    fresh.dispose();
    return tf.clone(earlier[name]);
  });
}

/** Gives each step the model's own trajectories: made at the latest multiple of `remakeEvery`, and kept for a resumed run. */
function remaker({ dir, model, config, corpus, codec, from }: Pretraining) {
  const { remakeEvery, remade: count, seed } = config;
  let known: { remade: Remade; since: number } | undefined;
  return (state: TrainState, i: number): Remade | undefined => {
    // Fresh weights have nothing to show yet.
    if (remakeEvery === 0 || (i < remakeEvery && !from)) return undefined;
    const since = i - (i % remakeEvery);
    if (known?.since === since) return known.remade;
    if (i === since) {
      const remade = remake(state.ema, { model, corpus, codec, count, key: [seed, "remade", i] });
      saveRemade(dir, remade, i);
    }
    // Read back even where just made, so that a resumed run cannot differ.
    known = { remade: loadRemade(dir, since), since };
    return known.remade;
  };
}

function checkRemaking({ remakeEvery, saveEvery, remade }: PretrainConfig): void {
  if (remakeEvery % saveEvery === 0 && remade > 0) return;
  throw new UserError(
    `trajectories made anew every ${remakeEvery} steps, ${remade} of them, saved every ${saveEvery}`,
    "give a multiple of saveEvery, 0 for never, and at least one trajectory",
  );
}

/** Trains, or resumes, in `dir`. @returns averaged weights @throws UserError on trajectories shorter than a window */
export async function pretrain(options: Pretraining): Promise<Params> {
  const { dir, model, corpus, validation, validationWindows, noise = NOISE_DEFAULTS, from, codec } = options;
  const config = parseConfig(pretraining, options.config);
  checkCodec(model, codec);
  checkRemaking(config);
  checkLength(corpus);
  checkLength(validation);
  const optimiser = optimiserOf(config);
  const run = makeStep(model, optimiser);
  const remadeAt = remaker(options);
  const step = (state: TrainState, i: number) => {
    const rng = Rng.of(config.seed, "pretrain", i);
    const remade = remadeAt(state, i);
    const windows = Array.from({ length: config.batch }, () => drawWindow(corpus, noise, rng, remade));
    const batch = windowBatch(windows, codec);
    const rates = ratesAt(config, i);
    const { state: next, loss, gradNorm } = run(state, batch, rates);
    const metrics: Metrics = { loss: loss.dataSync()[0], gradNorm: gradNorm.dataSync()[0] };
    disposeBatch(batch);
    tf.dispose([Object.values(rates), loss, gradNorm]);
    return { state: next, metrics };
  };
  const start = (): TrainState => {
    const params = startingParams(model, config.seed, from?.params ?? {});
    return { params, optimiser: initOptimiser(params, optimiser), ema: cloneParams(params) };
  };
  const onSave = (state: TrainState): Metrics => ({
    validation: validationLoss(state.ema, model, validation, noise, codec, validationWindows),
  });
  const { steps, saveEvery } = config;
  const shape = { model, ...config, noise, ...(from ? { from: from.sha256 } : {}) };
  const { ema } = await runTraining({
    dir,
    steps,
    config: shape,
    presets: { ...PRETRAINING, noise: NOISE_DEFAULTS },
    saveEvery,
    logEvery: 10,
    start,
    step,
    onSave,
  });
  return ema;
}
