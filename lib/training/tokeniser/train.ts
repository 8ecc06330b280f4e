/** Training of the tokeniser on random groups of four frames. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Params } from "../../model/nn/params.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, FRAME_BYTES, TOKENISER } from "../../model/tokeniser/config.ts";
import { foldVideo } from "../../model/tokeniser/fold.ts";
import { tokeniserSpec } from "../../model/tokeniser/network.ts";
import { parseConfig } from "../../util/config.ts";
import { Rng } from "../../util/rng.ts";
import { count, decay, positive, whole } from "../../util/schema.ts";
import { trainAveraged } from "../averaged.ts";
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

type Batch = Record<"groups" | "noise", tf.Tensor>;

function drawBatch(source: FrameSource, { seed, batch, channels }: TokeniserTrainConfig, i: number): Batch {
  const rng = Rng.of(seed, "tokeniser", i);
  const shape = [batch, TOKENISER.latentHeight, TOKENISER.latentWidth, channels];
  const groups = sampleGroups(source, batch, rng);
  return { groups, noise: tf.tensor(rng.normals(shape.reduce((a, b) => a * b, 1)), shape) };
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
  saveEvery?: number,
): Promise<Params> {
  const config = parseConfig(tokeniserTraining, given);
  const loss = tokeniserLoss();
  const fixed = fitLinear(source, config);
  const ema = await trainAveraged({
    dir,
    name: "tokeniser step",
    config,
    presets: tokeniserTraining.parse({}),
    saveEvery,
    schedule: { warmup: 100 },
    spec: tokeniserSpec(config.channels),
    loss: (p, { groups, noise }: Batch, linear) => loss({ ...linear, ...p }, groups, noise),
    fixed,
    draw: (i) => drawBatch(source, config, i),
  });
  return { ...fixed, ...ema };
}
