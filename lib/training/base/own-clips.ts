/**
 * Trajectories as the model itself makes them, to be shown as context in training: at work it sees its own clips, whose
 * faults are not white noise. Each clip is denoised from the true one at a high noise level, which leaves it the motion and
 * little else, after the model's own earlier clips; so faults add up as they do at work, while the camera keeps to its
 * recorded way and the true next clip is still the right answer (error recycling, arXiv 2510.09212).
 */
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { DitConfig } from "../../model/dit/config.ts";
import { makeDit } from "../../model/dit/dit.ts";
import { loadParams, saveParams } from "../../model/nn/checkpoint.ts";
import { disposeParams, type Params } from "../../model/nn/params.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../model/sampler.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { joinFloats } from "../../util/arrays.ts";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import type { Corpus } from "./corpus.ts";

/** Clips of the trajectories that were made, by trajectory. */
export type OwnClips = ReadonlyMap<number, readonly Float32Array[]>;

/** Where denoising sets out: after the sampler's first step. */
const LEVEL = sigmaSchedule(SAMPLER_DEFAULTS)[1];
/** Trajectories made side by side. */
const SIDE = 16;

export interface OwnClipsOptions {
  readonly config: DitConfig;
  readonly corpus: Corpus;
  readonly tokeniser: Tokeniser;
  /** Trajectories. */
  readonly count: number;
  /** Names the random stream. */
  readonly key: readonly (string | number)[];
}

export async function makeOwnClips(params: Params, options: OwnClipsOptions): Promise<OwnClips> {
  const { corpus, count, key } = options;
  const rng = Rng.of(...key, "trajectories");
  const chosen = rng.shuffled(Array.from({ length: corpus.trajectories }, (_, i) => i)).slice(0, count);
  const parts = Array.from({ length: Math.ceil(chosen.length / SIDE) }, (_, k) =>
    chosen.slice(k * SIDE, (k + 1) * SIDE),
  );
  const made: (readonly [number, readonly Float32Array[]])[] = [];
  for (const part of parts) made.push(...(await remade(params, part, options)));
  return new Map(made);
}

async function remade(params: Params, chosen: readonly number[], { config, corpus, tokeniser, key }: OwnClipsOptions) {
  const starts = chosen.map((i) => ({ frame: corpus.firstFrame(i), pose: corpus.paths(i)[0][0].start }));
  const rollout = await makeDit(params, config, tokeniser).reset(starts);
  for (let n = 0; n < corpus.clips; n++) {
    const actions = chosen.map((i) => corpus.actions(i, n));
    const candidates = chosen.map((i) => {
      const from = { clip: { latents: corpus.latents(i, n) }, sigma: LEVEL };
      return [{ rng: Rng.of(...key, "noise", i, n), from }];
    });
    const groups = await rollout.sample(actions, candidates);
    await rollout.append(
      actions,
      groups.map(([clip]) => clip),
    );
  }
  const made = chosen.map((i, row) => [i, rollout.clips(row).map(({ latents }) => latents)] as const);
  rollout.dispose();
  return made;
}

const fileIn = (dir: string): string => join(dir, "own-clips.safetensors");

export function saveOwnClips(dir: string, own: OwnClips, step: number): void {
  const tensors = Object.fromEntries(
    [...own].map(([i, clips]) => [String(i), tf.tensor(joinFloats(clips), [clips.length, clips[0].length])]),
  );
  saveParams(fileIn(dir), tensors, { step: String(step) });
  disposeParams(tensors);
}

/** @throws UserError where it is not what was made at this step */
export function loadOwnClips(dir: string, step: number): OwnClips {
  const { params, metadata } = loadParams(fileIn(dir));
  if (metadata.step !== String(step)) {
    const problem = `${fileIn(dir)} was made at step ${metadata.step}, not at step ${step}`;
    throw new UserError(problem, "remove the folder to start again");
  }
  const own = Object.entries(params).map(([i, tensor]) => {
    const values = tensor.dataSync() as Float32Array;
    const size = values.length / tensor.shape[0];
    return [
      Number(i),
      Array.from({ length: tensor.shape[0] }, (_, n) => values.slice(n * size, (n + 1) * size)),
    ] as const;
  });
  disposeParams(params);
  return new Map(own);
}
