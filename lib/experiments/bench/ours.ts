/** The project's own side of the comparison: the compiled training step, and rollouts with the tokeniser's decoder. */
import * as tf from "@tensorflow/tfjs-core";
import { codecOf } from "../../model/legacy/carried.ts";
import type { LatentPath } from "../../model/legacy/condition.ts";
import type { ModelConfig } from "../../model/legacy/config.ts";
import { makeWorldModel } from "../../model/legacy/rollout.ts";
import { isMuon } from "../../model/legacy/spec.ts";
import { joinClips } from "../../model/legacy/tokens.ts";
import { cloneParams, emaParams, type Params } from "../../model/nn/params.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { lossAndGrads } from "../../training/optimiser/gradients.ts";
import {
  initOptimiser,
  OPTIMISER_DEFAULTS,
  type OptimiserConfig,
  optimiserStep,
} from "../../training/optimiser/optimiser.ts";
import { type WindowBatch, windowLoss } from "../../training/pretraining/loss.ts";
import { PRETRAINING } from "../../training/pretraining/train.ts";
import type { TrainState } from "../../training/run.ts";
import type { SamplingWork } from "./workload.ts";

export interface TrainingTimes {
  seconds: number[];
  losses: number[];
}

export const OPTIMISER: OptimiserConfig = {
  ...OPTIMISER_DEFAULTS,
  muon: isMuon,
  adamwScale: PRETRAINING.adamwScale,
};

/** Held constant: a schedule costs nothing. */
export const RATES = { lr: PRETRAINING.lr, decay: PRETRAINING.ema };

const seconds = (start: number): number => (performance.now() - start) / 1000;

/** Pre-training's step on one batch over and over; each call goes on where the last one ended. */
export class Trainer {
  private state: TrainState;
  private taken = 0;
  private readonly batch: WindowBatch;
  private readonly run;

  constructor(params: Params, model: ModelConfig, batch: WindowBatch) {
    this.state = { params: cloneParams(params), optimiser: initOptimiser(params, OPTIMISER), ema: cloneParams(params) };
    this.batch = batch;
    this.run = compile(
      (state: TrainState, data: WindowBatch, lr: tf.Scalar, step: tf.Scalar, decay: tf.Scalar) => {
        const value = lossAndGrads((p) => windowLoss(p, model, data), state.params);
        const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, OPTIMISER);
        const ema = emaParams(state.ema, next.params, decay);
        return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss };
      },
      { name: "training step" },
    );
  }

  train(steps: number): TrainingTimes {
    const times: TrainingTimes = { seconds: [], losses: [] };
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      times.losses.push(this.step());
      times.seconds.push(seconds(start));
    }
    return times;
  }

  private step(): number {
    const rates = [RATES.lr, ++this.taken, RATES.decay].map((rate) => tf.scalar(rate));
    const { state, loss } = this.run(this.state, this.batch, rates[0], rates[1], rates[2]);
    const value = loss.dataSync()[0];
    tf.dispose([rates, loss, Object.values(this.state).map((part: Params) => Object.values(part))]);
    this.state = state;
    return value;
  }
}

export interface Sampled {
  seconds: number;
  /** Clips of all videos, [videos][clips][60 * 128]. */
  clips: (readonly Float32Array[])[];
  /** The way of the camera in each of them. */
  ways: (readonly (readonly LatentPath[])[])[];
  /** Decoded frames of each video. */
  frames: Uint8Array[];
}

/** Generates and decodes the work's videos; the carried pictures are decoded and warped on the way. */
export function sample(params: Params, model: ModelConfig, tokeniser: Tokeniser, work: SamplingWork): Sampled {
  const start = performance.now();
  const rollout = makeWorldModel(params, model, { codec: codecOf(tokeniser) }).begin(work.starts);
  work.actions.forEach((actions, n) => {
    rollout.append(actions, rollout.propose(actions, work.noises[n]));
  });
  const made = work.starts.map((_, i) => rollout.clips(i));
  const ways = work.starts.map((_, i) => rollout.paths(i));
  rollout.dispose();
  const frames = made.map((clips) => tokeniser.decode(joinClips(clips)));
  return { seconds: seconds(start), clips: made, ways, frames };
}
