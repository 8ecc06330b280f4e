/** One pre-training step of the base model, timed here and in PyTorch: the same network, weights and windows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { clipTokens, type DitConfig, HEAD_WIDTH } from "../../model/dit/config.ts";
import { ditSpec, isMuon } from "../../model/dit/spec.ts";
import { saveParams } from "../../model/nn/checkpoint.ts";
import { cloneParams, initParams, mapEntries, type Params } from "../../model/nn/params.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { runProgram } from "../../runtime/setup/run-program.ts";
import { baseTraining, NOISE_DEFAULTS } from "../../training/base/config.ts";
import { openCorpus } from "../../training/base/corpus.ts";
import { disposeWindows, type WindowBatch, windowBatch } from "../../training/base/loss.ts";
import { baseStep, beginBase } from "../../training/base/train.ts";
import { drawWindow } from "../../training/base/window.ts";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import { fromRoot } from "../../util/root.ts";
import { parseJson } from "../../util/strict-json.ts";
import { makeDataset } from "../../world/dataset/make.ts";
import { openDataset } from "../../world/dataset/read.ts";
import type { World } from "../../world/world.ts";

export interface Timed {
  /** Of the first step, before it changes anything. */
  readonly loss: number;
  /** Of processor, over all threads, for each counted step: what else the machine does counts little. */
  readonly seconds: readonly number[];
}

/** What both are given: parameters and one batch. */
export interface StepWork {
  readonly model: DitConfig;
  readonly params: Params;
  readonly batch: WindowBatch;
}

const DATA = { split: "validation", trajectories: 4, latents: 40, seed: 0 } as const;
const TRAINING = baseTraining.parse({});
/** Steps in which memory is first touched and kernels are chosen. */
const UNCOUNTED = 2;

/** Windows of a few rendered trajectories, and a network whose zeros are filled, so that every part has something to do. */
export async function stepWork(
  world: World,
  tokeniser: Tokeniser,
  dials: Omit<DitConfig, "latent" | "camera" | "step">,
) {
  const dir = mkdtempSync(join(tmpdir(), "bench-step-"));
  try {
    await makeDataset({ ...DATA, world, dir });
    const corpus = openCorpus(await openDataset(dir), tokeniser, dir);
    const model: DitConfig = { latent: corpus.latent, camera: world.camera, step: world.step, ...dials };
    const rng = Rng.of("bench", "windows");
    const windows = Array.from({ length: TRAINING.batch }, () => drawWindow(corpus, NOISE_DEFAULTS, rng));
    const fresh = initParams(ditSpec(model), 1);
    const params = mapEntries(fresh, (t, name) => {
      const noise = tf.tensor(Rng.of("bench", name).normals(t.size), t.shape);
      return tf.tidy(() => tf.add(t, tf.mul(noise, 0.02)));
    });
    const work: StepWork = { model, params, batch: windowBatch(windows, model) };
    return work;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Ours, on the backend that is open. */
export function timeStep({ model, params, batch }: StepWork, steps: number): Timed {
  const run = baseStep(model, TRAINING);
  const rates = { lr: tf.scalar(TRAINING.lr), step: tf.scalar(1), decay: tf.scalar(TRAINING.ema) };
  let state = beginBase(cloneParams(params), TRAINING);
  const losses: number[] = [];
  const seconds: number[] = [];
  for (let i = 0; i < UNCOUNTED + steps; i++) {
    const began = process.cpuUsage();
    const { state: next, loss, gradNorm } = run(state, batch, rates);
    losses.push(loss.dataSync()[0]);
    const { user, system } = process.cpuUsage(began);
    seconds.push((user + system) / 1e6);
    tf.dispose([Object.values(state).map((group) => Object.values(group)), loss, gradNorm]);
    state = next;
  }
  tf.dispose(Object.values(rates));
  run.dispose();
  return { loss: losses[0], seconds: seconds.slice(UNCOUNTED) };
}

/** The batch under flat names, as a safetensors file can hold it. */
const flatBatch = ({ context, targets, ...rest }: WindowBatch): Params => ({
  ...prefixed("context", context as unknown as Params),
  ...prefixed("targets", targets as unknown as Params),
  ...rest,
});

const prefixed = (prefix: string, tensors: Params): Params =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [`${prefix}.${name}`, t]));

const PEER = "lib/experiments/bench/step_peer.py";
const PEER_SECONDS = 600;

/** Writes what the peer reads. */
export function writeWork(folder: string, { model, params, batch }: StepWork): void {
  saveParams(join(folder, "params.safetensors"), params);
  const floats = mapEntries(flatBatch(batch), (t) => tf.cast(t, "float32"));
  saveParams(join(folder, "batch.safetensors"), floats);
  const facts = {
    heads: model.width / HEAD_WIDTH,
    depth: model.depth,
    cellDepth: model.cellDepth,
    clipTokens: clipTokens(model.latent),
    muon: Object.keys(params).filter(isMuon),
    lr: TRAINING.lr,
  };
  writeFileSync(join(folder, "facts.json"), JSON.stringify(facts));
}

/** PyTorch's, in a program of its own. @param python that has torch. @throws UserError with the program's own words */
export async function timePeer(python: string, folder: string, threads: number, products: string, steps: number) {
  const given = [fromRoot(PEER), folder, String(threads), products, String(steps)];
  const { ok, output, reason } = await runProgram(python, given, { seconds: PEER_SECONDS });
  if (!ok) throw new UserError(`PyTorch's step failed: ${reason}`, "see `npm run doctor`");
  const line = output.trim().split("\n").at(-1) ?? "";
  return parseJson(line, "PyTorch's answer", "see `npm run doctor`") as Timed & { version: string };
}

export const disposeWork = ({ params, batch }: StepWork): void => {
  disposeWindows(batch);
  tf.dispose(Object.values(params));
};
