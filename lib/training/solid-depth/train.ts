/** Training of the depth network: pictures of recorded trajectories, true and reconstructed, with the worlds' own depths. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import {
  byCell,
  CELL_COLUMNS,
  CELL_ROWS,
  DEPTH_SPEC,
  depthInputs,
  INPUTS,
  predictDepth,
} from "../../model/legacy/solid-depth/network.ts";
import { cloneParams, emaParams, initParams, type Params } from "../../model/nn/params.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, share, whole } from "../../util/schema.ts";
import { HEIGHT, WIDTH } from "../../world/config.ts";
import { lossAndGrads } from "../optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, optimiserStep } from "../optimiser/optimiser.ts";
import { trapezoid } from "../optimiser/schedule.ts";
import { runTraining, SAVE_EVERY, type TrainState } from "../run.ts";
import type { DepthBank } from "./bank.ts";

export const depthTraining = z.strictObject({
  seed: whole().default(0),
  steps: count().default(5000),
  batch: count().default(32).describe("Pictures per step."),
  lr: positive().default(2e-3).describe("Peak learning rate of AdamW."),
  ema: decay().default(0.995).describe("Decay of the averaged weights that are kept in the end."),
  noise: share()
    .default(0.04)
    .describe("Largest noise that pictures are disturbed by: standard deviation in shares of white."),
  blur: share().default(0.7).describe("Largest blur: mixing with the mean of neighbours."),
});
export type DepthTrainConfig = z.infer<typeof depthTraining>;

interface Batch {
  inputs: tf.Tensor;
  /** 1 where a solid is. [n, 12, 20, 16] */
  solid: tf.Tensor;
  /** Logarithms of depths; 0 where there is no solid. */
  depths: tf.Tensor;
}

/** Cross entropy of the mask, and where solids are the absolute error of the logarithm of depth. */
function depthLoss(p: Params, { inputs, solid, depths }: Batch): tf.Scalar {
  const found = predictDepth(p, inputs);
  const entropy = tf.mean(tf.sub(tf.softplus(found.logits), tf.mul(found.logits, solid)));
  const errors = tf.mul(tf.abs(tf.sub(found.depths, depths)), solid);
  return tf.add(entropy, tf.div(tf.sum(errors), tf.add(tf.sum(solid), 1))) as tf.Scalar;
}

const makeStep = () =>
  compile(
    (state: TrainState, batch: Batch, lr: tf.Scalar, step: tf.Scalar, decay: tf.Scalar) => {
      const value = lossAndGrads((p) => depthLoss(p, batch), state.params);
      const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, OPTIMISER_DEFAULTS);
      const ema = emaParams(state.ema, next.params, decay);
      return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss };
    },
    { name: "depth network's step" },
  );

/** Blurs towards the mean of the four neighbours, adds noise, and mirrors. */
function disturbed(picture: Uint8Array, { noise, blur }: DepthTrainConfig, rng: Rng, mirror: boolean): Uint8Array {
  const share = rng.uniform() < 0.5 ? rng.uniform(0, blur) : 0;
  const deviation = rng.uniform() < 0.5 ? 255 * rng.uniform(0, noise) : 0;
  const out = new Uint8Array(picture.length);
  const row = 3 * WIDTH;
  const draws = deviation > 0 ? rng.normals(picture.length) : undefined;
  for (let y = 0; y < HEIGHT; y++) {
    const [above, below] = [y > 0 ? -row : 0, y < HEIGHT - 1 ? row : 0];
    for (let x = 0; x < WIDTH; x++) {
      const [left, right] = [x > 0 ? -3 : 0, x < WIDTH - 1 ? 3 : 0];
      const to = y * row + 3 * (mirror ? WIDTH - 1 - x : x);
      for (let c = 0; c < 3; c++) {
        const i = y * row + 3 * x + c;
        const mean = (picture[i + above] + picture[i + below] + picture[i + left] + picture[i + right]) / 4;
        const value = picture[i] + share * (mean - picture[i]) + (draws ? deviation * draws[to + c] : 0);
        out[to + c] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return out;
}

function mirrored(depths: Float32Array): Float32Array {
  return depths.map((_, i) => depths[i - (i % WIDTH) + WIDTH - 1 - (i % WIDTH)]);
}

function drawBatch(bank: DepthBank, config: DepthTrainConfig, step: number): Batch {
  const rng = Rng.of(config.seed, "depth", step);
  const [pictures, pitches, depths]: [Uint8Array[], number[], Float32Array[]] = [[], [], []];
  for (let i = 0; i < config.batch; i++) {
    const { versions, pitch, depths: own } = bank[rng.int(bank.length)];
    const mirror = rng.uniform() < 0.5;
    pictures.push(disturbed(rng.pick(versions), config, rng, mirror));
    pitches.push(pitch);
    depths.push(mirror ? mirrored(own) : own);
  }
  const shape = [config.batch, CELL_ROWS, CELL_COLUMNS];
  const values = new Float32Array(config.batch * HEIGHT * WIDTH);
  depths.forEach((own, i) => {
    values.set(own, i * own.length);
  });
  const cells = byCell(values);
  return {
    inputs: tf.tensor(depthInputs(pictures, pitches), [...shape, INPUTS]),
    solid: tf.tensor(
      cells.map((depth) => (depth < Infinity ? 1 : 0)),
      [...shape, 16],
    ),
    depths: tf.tensor(
      cells.map((depth) => (depth < Infinity ? Math.log(depth) : 0)),
      [...shape, 16],
    ),
  };
}

/** Trains, or resumes, in `dir`; saves every `saveEvery` steps. @returns averaged weights */
export async function trainDepth(
  dir: string,
  bank: DepthBank,
  given: DepthTrainConfig,
  saveEvery = SAVE_EVERY,
): Promise<Params> {
  const config = parseConfig(depthTraining, given);
  const run = makeStep();
  const { steps, lr: peak, ema: decay } = config;
  const step = (state: TrainState, i: number) => {
    const batch = drawBatch(bank, config, i);
    const rates = [trapezoid(i, steps, { peak, warmup: 100 }), i + 1, Math.min(decay, (i + 1) / (i + 10))].map(
      (value) => tf.scalar(value),
    );
    const result = run(state, batch, rates[0], rates[1], rates[2]);
    const metrics = { loss: result.loss.dataSync()[0] };
    tf.dispose([Object.values(batch), rates, result.loss]);
    return { state: result.state, metrics };
  };
  const start = (): TrainState => {
    const params = initParams(DEPTH_SPEC, config.seed);
    return { params, optimiser: initOptimiser(params, OPTIMISER_DEFAULTS), ema: cloneParams(params) };
  };
  const { ema } = await runTraining({
    dir,
    steps,
    config,
    presets: depthTraining.parse({}),
    saveEvery,
    logEvery: 20,
    start,
    step,
  });
  return ema;
}
