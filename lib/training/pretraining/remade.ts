/**
 * Trajectories as the model itself makes them, to be shown as context in training: at work it sees its own clips, whose
 * faults are not white noise. Each clip is denoised from the true one at a high noise level, which leaves it the motion and
 * little else, after the model's own earlier clips; so faults add up as they do at work, while the camera keeps to its
 * recorded way and the true next clip is still the right answer (error recycling, arXiv 2510.09212).
 */
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { Codec } from "../../model/legacy/carried.ts";
import { CLIP_LATENTS, CLIP_SIZE, type ModelConfig } from "../../model/legacy/config.ts";
import { makeWorldModel } from "../../model/legacy/rollout.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../model/legacy/sampler.ts";
import { loadParams, saveParams } from "../../model/nn/checkpoint.ts";
import { disposeParams, type Params } from "../../model/nn/params.ts";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import type { Corpus } from "./corpus.ts";

/** Clips of the trajectories that were made again, by trajectory. */
export type Remade = ReadonlyMap<number, readonly Float32Array[]>;

/** Where denoising sets out: after the sampler's first step. */
const LEVEL = sigmaSchedule(SAMPLER_DEFAULTS)[1];

export interface RemakeOptions {
  model: ModelConfig;
  corpus: Corpus;
  codec?: Codec;
  /** Trajectories. */
  count: number;
  /** Names the random stream. */
  key: readonly (string | number)[];
}

export function remake(params: Params, { model, corpus, codec, count, key }: RemakeOptions): Remade {
  const rng = Rng.of(...key, "trajectories");
  const chosen = [...new Set(Array.from({ length: count }, () => rng.int(corpus.trajectories)))];
  const starts = chosen.map((i) => {
    const latent = corpus.tokens(i, 0).subarray(0, CLIP_SIZE / CLIP_LATENTS);
    return { latent, pose: corpus.paths(i)[0].start };
  });
  const rollout = makeWorldModel(params, model, { codec, compiled: true }).begin(starts);
  for (let n = 0; n < corpus.clips; n++) {
    const actions = chosen.map((i) => corpus.commanded(i).subarray(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS));
    const noises = chosen.map((i) => Rng.of(...key, "noise", i, n).normals(CLIP_SIZE));
    const clips = chosen.map((i) => corpus.tokens(i, n));
    const ways = chosen.map((i) => corpus.paths(i).slice(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS));
    rollout.append(actions, rollout.propose(actions, noises, { clips, sigma: LEVEL }), ways);
  }
  const remade = new Map(chosen.map((i, row) => [i, [...rollout.clips(row)]]));
  rollout.dispose();
  return remade;
}

const fileIn = (dir: string): string => join(dir, "remade.safetensors");

export function saveRemade(dir: string, remade: Remade, step: number): void {
  const entries = [...remade].map(([i, clips]) => {
    const values = new Float32Array(clips.length * CLIP_SIZE);
    clips.forEach((clip, n) => {
      values.set(clip, n * CLIP_SIZE);
    });
    return [String(i), tf.tensor(values, [clips.length, CLIP_SIZE])] as const;
  });
  const tensors = Object.fromEntries(entries);
  saveParams(fileIn(dir), tensors, { step: String(step) });
  disposeParams(tensors);
}

/** @throws UserError where it is not what was made at this step */
export function loadRemade(dir: string, step: number): Remade {
  const { params, metadata } = loadParams(fileIn(dir));
  if (metadata.step !== String(step)) {
    const problem = `${fileIn(dir)} was made at step ${metadata.step}, not at step ${step}`;
    throw new UserError(problem, "remove the folder to start again");
  }
  const remade = new Map(
    Object.entries(params).map(([i, tensor]) => {
      const values = tensor.dataSync() as Float32Array;
      return [
        Number(i),
        Array.from({ length: tensor.shape[0] }, (_, n) => values.slice(n * CLIP_SIZE, (n + 1) * CLIP_SIZE)),
      ];
    }),
  );
  disposeParams(params);
  return remade;
}
