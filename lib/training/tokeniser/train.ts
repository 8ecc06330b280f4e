/** Training of the tokeniser on random groups of four frames. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { cloneParams, emaParams, initParams, type Params } from "../../model/nn/params.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, FRAME_BYTES, TOKENISER } from "../../model/tokeniser/config.ts";
import { foldVideo } from "../../model/tokeniser/fold.ts";
import { tokeniserSpec } from "../../model/tokeniser/network.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, whole } from "../../util/schema.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, optimiserStep } from "../optimiser/optimiser.ts";
import { trapezoid } from "../optimiser/schedule.ts";
import { runTraining, SAVE_EVERY, type TrainState } from "../run.ts";
import { fitComponents } from "./components.ts";
import { tokeniserLoss } from "./loss.ts";

export const tokeniserTraining = z.strictObject({
  seed: whole().default(0),
  steps: count().default(1800),
  batch: count().default(32).describe("Groups of frames per step."),
  lr: positive().default(1e-3).describe("Peak learning rate of AdamW."),
  ema: decay().default(0.998).describe("Decay of the averaged weights that are kept in the end."),
  channels: count().default(32).describe("Numbers of a latent's cell."),
});
export type TokeniserTrainConfig = z.infer<typeof tokeniserTraining>;

/** Video bytes of trajectory i; any frame count >= 5. */
export interface FrameSource {
  count: number;
  frames(i: number): Uint8Array;
}

const GROUP_SHAPE = [FOLDED_HEIGHT, FOLDED_WIDTH, FOLDED_CHANNELS];

/** Groups that start at any frame (not only at multiples of four), so that the network sees every phase. */
function sampleGroups(source: FrameSource, batch: number, rng: Rng): tf.Tensor {
  const size = GROUP_SHAPE.reduce((a, b) => a * b, 1);
  const values = new Float32Array(batch * size);
  for (let i = 0; i < batch; i++) {
    const frames = source.frames(rng.int(source.count));
    const first = rng.int(frames.length / FRAME_BYTES - TOKENISER.temporal);
    const five = frames.subarray(first * FRAME_BYTES, (first + TOKENISER.temporal + 1) * FRAME_BYTES);
    const still = rng.uniform() < 0.06;
    values.set(foldVideo(five).subarray(still ? 0 : size, still ? size : 2 * size), i * size);
  }
  return tf.tensor(values, [batch, ...GROUP_SHAPE]);
}

const OPTIMISER = { ...OPTIMISER_DEFAULTS, clipNorm: 1 };

interface StepInputs {
  groups: tf.Tensor;
  noise: tf.Tensor;
  lr: tf.Scalar;
  step: tf.Scalar;
  /** Decay of the average at this step. */
  decay: tf.Scalar;
}

function makeStep() {
  const loss = tokeniserLoss();
  return compile(
    (state: TrainState, linear: Params, { groups, noise, lr, step, decay }: StepInputs) => {
      const value = lossAndGrads((p) => loss({ ...linear, ...p }, groups, noise), state.params);
      const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, OPTIMISER);
      const ema = emaParams(state.ema, next.params, decay);
      return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss };
    },
    { name: "tokeniser step" },
  );
}

function stepInputs(source: FrameSource, config: TokeniserTrainConfig, i: number): StepInputs {
  const rng = Rng.of(config.seed, "tokeniser", i);
  const shape = [config.batch, TOKENISER.latentHeight, TOKENISER.latentWidth, config.channels];
  return {
    groups: sampleGroups(source, config.batch, rng),
    noise: tf.tensor(rng.normals(shape.reduce((a, b) => a * b, 1)), shape),
    lr: tf.scalar(trapezoid(i, config.steps, { peak: config.lr, warmup: 100 })),
    step: tf.scalar(i + 1),
    decay: tf.scalar(Math.min(config.ema, (i + 1) / (i + 10))),
  };
}

function startState({ seed, channels }: TokeniserTrainConfig): TrainState {
  const params = initParams(tokeniserSpec(channels), seed);
  return { params, optimiser: initOptimiser(params, OPTIMISER), ema: cloneParams(params) };
}

const FITTING_GROUPS = 400;

function fitLinear(source: FrameSource, { seed, channels }: TokeniserTrainConfig): Params {
  const groups = sampleGroups(source, FITTING_GROUPS, Rng.of(seed, "tokeniser", "components"));
  const linear = fitComponents(groups, seed, channels);
  groups.dispose();
  return linear;
}

/** Trains, or resumes, in `dir`; saves every `saveEvery` steps. @returns averaged weights and the linear part */
export async function trainTokeniser(
  dir: string,
  source: FrameSource,
  given: TokeniserTrainConfig,
  saveEvery = SAVE_EVERY,
): Promise<Params> {
  const config = parseConfig(tokeniserTraining, given);
  const run = makeStep();
  const linear = fitLinear(source, config);
  const step = (state: TrainState, i: number) => {
    const inputs = stepInputs(source, config, i);
    const result = run(state, linear, inputs);
    const metrics = { loss: result.loss.dataSync()[0] };
    tf.dispose([Object.values(inputs), result.loss]);
    return { state: result.state, metrics };
  };
  const start = () => startState(config);
  const { steps } = config;
  const { ema } = await runTraining({
    dir,
    steps,
    config,
    presets: tokeniserTraining.parse({}),
    saveEvery,
    logEvery: 20,
    start,
    step,
  });
  return { ...linear, ...ema };
}
