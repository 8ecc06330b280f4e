/** Training of the depth network: pictures of recorded trajectories, true and reconstructed, with the world's own depths. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { DepthConfig } from "../../model/depth/config.ts";
import { depthSpec, predictGeometry } from "../../model/depth/network.ts";
import type { Params } from "../../model/nn/params.ts";
import { onColumns, onRows, perColour, smooth } from "../../rewards/actions/separable.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, share, whole } from "../../util/schema.ts";
import { trainAveraged } from "../averaged.ts";
import type { DepthBank } from "./bank.ts";

export const depthTraining = z.strictObject({
  seed: whole().default(0),
  steps: count().default(2000),
  batch: count().default(16).describe("Pictures per step."),
  lr: positive().default(2e-3).describe("Peak learning rate of AdamW."),
  ema: decay().default(0.995).describe("Decay of the averaged weights that are kept in the end."),
  degraded: share().default(0.4).describe("Share of pictures that are blurred, and that are disturbed by noise."),
  noise: share().default(0.04).describe("Largest noise: standard deviation in shares of white."),
});
export type DepthTrainConfig = z.infer<typeof depthTraining>;

/** What an error of the pitch of one step costs beside one of the logarithm of depth of 1. */
const PITCH_WEIGHT = 0.03;

interface DepthBatch extends Record<string, tf.Tensor> {
  /** [n, height, width, 3], 0..1 */
  pictures: tf.Tensor;
  /** Standard normal, of the same shape. */
  noise: tf.Tensor;
  /** [n, 1, 1, 1]: 0 sharp to 1 blurred, and the noise's standard deviation. */
  blur: tf.Tensor;
  deviation: tf.Tensor;
  /** [n, height, width] */
  logDepths: tf.Tensor;
  /** [n] */
  pitches: tf.Tensor;
}

/** Smoothed twice both ways, edges repeated. */
function softened(pictures: tf.Tensor): tf.Tensor {
  const [n, height, width] = pictures.shape;
  let x: tf.Tensor = tf.reshape(pictures, [n, height, 3 * width]);
  for (let i = 0; i < 2; i++) x = onColumns(onRows(x, smooth(height)), perColour(smooth(width)));
  return tf.reshape(x, pictures.shape);
}

function degrade({ pictures, noise, blur, deviation }: DepthBatch): tf.Tensor {
  const blurred = softened(pictures);
  return tf.add(tf.add(pictures, tf.mul(tf.sub(blurred, pictures), blur)), tf.mul(noise, deviation));
}

/** Mean absolute errors of the logarithm of depth and, weighted, of the pitch. */
function depthLoss(p: Params, config: DepthConfig, batch: DepthBatch): tf.Scalar {
  const found = predictGeometry(p, config, degrade(batch));
  const depth = tf.mean(tf.abs(tf.sub(found.logDepths, batch.logDepths)));
  const pitch = tf.mean(tf.abs(tf.sub(found.pitches, batch.pitches)));
  return tf.add(depth, tf.mul(pitch, PITCH_WEIGHT)) as tf.Scalar;
}

/** Draws of noise that batches take stretches of: fresh normals for every batch would cost more than the step. */
const NOISE_POOL = 1 << 21;

/** Draws batches; the same (seed, step) gives the same batch. Pictures are mirrored as often as not. */
function sampler(bank: DepthBank, config: DepthTrainConfig): (step: number) => DepthBatch {
  const { width, height } = bank.camera;
  const [pixels, count] = [width * height, bank.pitches.length];
  const pool = Rng.of(config.seed, "depth noise").normals(NOISE_POOL);
  const shape = [config.batch, height, width, 3];
  return (step) => {
    const rng = Rng.of(config.seed, "depth", step);
    const pictures = new Float32Array(config.batch * pixels * 3);
    const logDepths = new Float32Array(config.batch * pixels);
    const pitches: number[] = [];
    for (let n = 0; n < config.batch; n++) {
      const i = rng.int(count);
      const picture = rng.pick(bank.versions).subarray(i * pixels * 3, (i + 1) * pixels * 3);
      const mirror = rng.uniform() < 0.5;
      const gain = rng.uniform(0.85, 1.1) / 255;
      const column = (x: number): number => (mirror ? width - 1 - x : x);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [to, from] = [n * pixels + y * width + x, y * width + column(x)];
          logDepths[to] = bank.logDepths[i * pixels + from];
          for (let c = 0; c < 3; c++) pictures[3 * to + c] = gain * picture[3 * from + c];
        }
      pitches.push(bank.pitches[i]);
    }
    const strengths = (most: number): tf.Tensor =>
      tf.tensor(
        pitches.map(() => (rng.uniform() < config.degraded ? rng.uniform(0, most) : 0)),
        [config.batch, 1, 1, 1],
      );
    const offset = rng.int(NOISE_POOL - pictures.length);
    return {
      pictures: tf.tensor(pictures, shape),
      noise: tf.tensor(pool.subarray(offset, offset + pictures.length), shape),
      blur: strengths(1),
      deviation: strengths(config.noise),
      logDepths: tf.tensor(logDepths, shape.slice(0, 3)),
      pitches: tf.tensor1d(pitches),
    };
  };
}

/**
 * Trains, or resumes, in `dir`.
 * @param made what the pictures were made from; a run is resumed only with the same
 * @returns averaged weights
 */
export function trainDepth(
  dir: string,
  bank: DepthBank,
  model: DepthConfig,
  given: DepthTrainConfig,
  made: Record<string, string> = {},
): Promise<Params> {
  const config = parseConfig(depthTraining, given);
  return trainAveraged({
    dir,
    name: "depth network's step",
    config,
    presets: depthTraining.parse({}),
    made: { model, ...made },
    schedule: { warmup: 100, decay: 0.6 },
    spec: depthSpec(model),
    loss: (p, batch) => depthLoss(p, model, batch),
    draw: sampler(bank, config),
  });
}
