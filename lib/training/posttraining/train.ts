/** The loop of post-training: resumable bit for bit, with metrics, videos and a folder that says what it is. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { disposeParams, type Params } from "../../model/nn/params.ts";
import type { Backend } from "../../runtime/backend/backend.ts";
import { currentCommit } from "../../util/commit.ts";
import { appendJsonLine } from "../../util/files.ts";
import { checkCadence, METRICS, readMetrics, runTraining, type TrainState } from "../run.ts";
import { EVENTS, writeEvents } from "../tensorboard.ts";
import { POST_TRAINING } from "./config.ts";
import { iterate, startPolicies } from "./iterate.ts";
import type { Lab } from "./lab.ts";
import { distanceBetween } from "./metrics.ts";
import { probeRewards } from "./probe.ts";
import { samplePath, saveSamples } from "./samples.ts";
import type { PolicyState } from "./update.ts";

export interface PostTraining {
  /** Folder of the run: config.json, sessions.jsonl, metrics.jsonl, TensorBoard events, state.safetensors, samples/. */
  dir: string;
  lab: Lab;
  backend: Pick<Backend, "name" | "device" | "threads">;
  /** SHA-256 of what the run is made from, by name. */
  checkpoints: Record<string, string>;
  /** Iterations between saved states, and between sample videos. */
  saveEvery: number;
  sampleEvery: number;
}

/** Trains, or resumes, in `dir`. @returns averaged weights */
export async function postTrain({ dir, lab, backend, checkpoints, ...every }: PostTraining): Promise<Params> {
  const { config, shape, rewards } = lab;
  for (const [name, steps] of Object.entries(every)) checkCadence(name, steps);
  const weights = Object.fromEntries(rewards.map(({ reward, weight }) => [reward.name, weight]));
  const shared = {
    dir,
    config: { model: shape, ...config, weights, checkpoints },
    presets: POST_TRAINING,
    saveEvery: every.saveEvery,
    logEvery: 1,
    start: () => startPolicies(lab),
    step: (state: TrainState, i: number) => iterate(lab, state as PolicyState, i),
    shown: [...Object.keys(weights).map((reward) => `charts/${reward}`), "losses/objective"],
    onSave: ({ ema }: TrainState) => {
      writeEvents(join(dir, EVENTS), readMetrics(dir));
      return { "charts/distance": distanceBetween(ema, lab.base), ...probeRewards(lab, ema) };
    },
  };
  const { device, threads } = backend;
  const started = new Date().toISOString();
  appendJsonLine(join(dir, "sessions.jsonl"), {
    started,
    commit: currentCommit(),
    backend: backend.name,
    device,
    threads,
  });
  // The probe of the base itself: where the learning curve begins.
  if (!existsSync(join(dir, METRICS))) appendJsonLine(join(dir, METRICS), { step: 0, ...probeRewards(lab, lab.base) });
  for (let done = every.sampleEvery; ; done += every.sampleEvery) {
    const steps = Math.min(config.iterations, done);
    const name = String(steps).padStart(5, "0");
    // A later part begins only after this video is written, so where it is there, this part is done.
    if (steps < config.iterations && existsSync(samplePath(dir, name))) continue;
    const { ema, ...rest } = runTraining({ ...shared, steps, total: config.iterations });
    for (const group of Object.values(rest)) disposeParams(group);
    await saveSamples(lab, ema, samplePath(dir, name));
    if (steps === config.iterations) return ema;
    disposeParams(ema);
  }
}
