/** A "training" whose state after each step depends on every step before: x <- 0.9 x + noise(step). */
import * as tf from "@tensorflow/tfjs-core";
import type { RunOptions, TrainState } from "../../../lib/training/run.ts";
import { Rng } from "../../../lib/util/rng.ts";

export function options(dir: string, steps = 7): RunOptions {
  return {
    dir,
    steps,
    config: { steps, seed: 1 },
    saveEvery: 3,
    logEvery: 2,
    start: () => ({ params: { w: tf.tensor1d([1, 2]), "w.x": tf.scalar(5) }, moments: { w: tf.zeros([2]) } }),
    step: ({ params, moments }, step) => {
      const noise = tf.tensor1d(Rng.of("run-test", step).normals(2));
      const w = tf.tidy(() => tf.add(tf.mul(params.w, 0.9), noise));
      // "w.x" is handed on as it is: the loop must not free it.
      const state: TrainState = { params: { ...params, w }, moments: { w: tf.add(moments.w, w) } };
      noise.dispose();
      return { state, metrics: { loss: w.dataSync()[0] } };
    },
    onSave: ({ moments }) => ({ moment: moments.w.dataSync()[0] }),
  };
}

/** The same, but before step `at` something happens. */
export const before = (at: number, happens: () => void, run: RunOptions): RunOptions => ({
  ...run,
  step: (state, step) => {
    if (step === at) happens();
    return run.step(state, step);
  },
});

/** Stops the run, as an error would, when it comes to step `at`. */
export const dyingAt = (at: number, dir: string): RunOptions =>
  before(
    at,
    () => {
      throw new Error("killed");
    },
    options(dir),
  );

export const disposeState = (state: TrainState): void => tf.dispose(Object.values(state).map(Object.values));
