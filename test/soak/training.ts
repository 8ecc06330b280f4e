/** Trains and generates for a given time at the shipped network's size, on random latents, and samples what the process holds. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { makeDit } from "../../lib/model/dit/dit.ts";
import { ditSpec } from "../../lib/model/dit/spec.ts";
import { disposeParams, initParams } from "../../lib/model/nn/params.ts";
import { BASE_TRAINING } from "../../lib/training/base/config.ts";
import { trainBase } from "../../lib/training/base/train.ts";
import { Interrupted } from "../../lib/util/interrupt.ts";
import { Rng } from "../../lib/util/rng.ts";
import { randomActions } from "../model/dit/small.ts";
import { corpus } from "../training/base/corpus.ts";
import type { Sample } from "./growth.ts";
import { MODEL, tokeniser } from "./trainings.ts";

const SAMPLES = 40;
const CLIPS = 16;
const pixels = MODEL.camera.width * MODEL.camera.height;

/** Open files, pipes and sockets; 0 where the system does not say. */
const handles = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);

const sampleAt = (start: number, dir?: string): Sample => ({
  at: Math.round((performance.now() - start) / 1000),
  bytes: process.memoryUsage().rss,
  ...{ handles: handles(), tensors: tf.memory().numTensors },
  ...(dir ? { files: readdirSync(dir).length } : {}),
});

/** @returns samples, and how many steps were made */
export async function trainFor(root: string, seconds: number): Promise<{ samples: Sample[]; steps: number }> {
  const dir = join(root, "base");
  const samples: Sample[] = [];
  const start = performance.now();
  // Between two steps timers have their turn. The run hears the signal after its step, as anybody's would.
  const timer = setInterval(
    () => {
      samples.push(sampleAt(start, dir));
      if (performance.now() - start > 1000 * seconds) process.kill(process.pid, "SIGTERM");
    },
    (1000 * seconds) / SAMPLES,
  );
  const config = { ...BASE_TRAINING, batch: 1, saveEvery: 10, ownEvery: 0 };
  try {
    const noEnd = 2 ** 31;
    await trainBase({ dir, model: MODEL, config, corpus, validation: corpus, tokeniser, steps: noEnd });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { samples, steps: Number(/after step (\d+)/.exec(error.problem)?.[1] ?? 0) };
  } finally {
    clearInterval(timer);
  }
  throw new Error("the training ended by itself");
}

/** @returns samples, one a video at most so many, and how many clips were made */
export async function generateFor(seconds: number): Promise<{ samples: Sample[]; clips: number }> {
  const params = initParams(ditSpec(MODEL), 0);
  const model = makeDit(params, MODEL, tokeniser);
  const samples: Sample[] = [];
  const start = performance.now();
  let [clips, due] = [0, 0];
  while (performance.now() - start < 1000 * seconds) {
    const rng = Rng.of("soak", clips);
    const rollout = await model.reset([{ frame: new Uint8Array(3 * pixels), pose: { x: 3, z: -5, yaw: 1, pitch: 0 } }]);
    for (let i = 0; i < CLIPS; i++, clips++) await rollout.step([randomActions(rng)], [rng]);
    rollout.dispose();
    if (performance.now() - start < due) continue;
    samples.push(sampleAt(start));
    due += (1000 * seconds) / SAMPLES;
  }
  disposeParams(params);
  return { samples, clips };
}
