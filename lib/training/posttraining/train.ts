/** The loop of post-training: resumable bit for bit, with metrics, videos and a folder that says what it is. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { disposeParams, type Params } from "../../model/nn/params.ts";
import type { Backend } from "../../runtime/backend/backend.ts";
import { currentCommit } from "../../util/commit.ts";
import { checkCadence, readMetrics, runTraining, type TrainState } from "../run.ts";
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
  const { ema, ...rest } = await runTraining({
    dir,
    steps: config.iterations,
    config: { model: shape, ...config, weights, checkpoints },
    presets: POST_TRAINING,
    session: sessionOf(backend),
    saveEvery: every.saveEvery,
    logEvery: 1,
    start: () => startPolicies(lab),
    step: (state, i) => iterate(lab, state as PolicyState, i),
    shown: [...Object.keys(weights).map((reward) => `charts/${reward}`), "losses/objective"],
    // The probe of the base itself: where the learning curve begins.
    onStart: () => probeRewards(lab, lab.base),
    onSave: ({ ema }) => ({ "charts/distance": distanceBetween(ema, lab.base), ...probeRewards(lab, ema) }),
    afterSave: () => writeEvents(join(dir, EVENTS), readMetrics(dir)),
    visit: { every: every.sampleEvery, at: (state, i) => sampleOnce(lab, state, samplePath(dir, nameOf(i))) },
  });
  for (const group of Object.values(rest)) disposeParams(group);
  return ema;
}

const nameOf = (iteration: number): string => String(iteration).padStart(5, "0");

async function sampleOnce(lab: Lab, { ema }: TrainState, path: string): Promise<void> {
  if (!existsSync(path)) await saveSamples(lab, ema, path);
}

const sessionOf = ({ name, device, threads }: PostTraining["backend"]) => ({
  started: new Date().toISOString(),
  commit: currentCommit(),
  backend: name,
  device,
  threads,
});
