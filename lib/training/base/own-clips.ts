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
import { recalledOf } from "../../model/dit/rollout.ts";
import type { DepthReader } from "../../model/memory/recall.ts";
import { loadParams, saveParams } from "../../model/nn/checkpoint.ts";
import { disposeParams, type Params } from "../../model/nn/params.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../model/sampler.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { joinFloats } from "../../util/arrays.ts";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import type { Corpus } from "./corpus.ts";

/** A trajectory as the model makes it. */
export interface OwnTrajectory {
  readonly clips: readonly Float32Array[];
  /** What it recalls before each clip, where it does; before the first something that is not used. */
  readonly recalled?: readonly Float32Array[];
}

/** Those that were made, by their numbers. */
export type OwnClips = ReadonlyMap<number, OwnTrajectory>;

/** Where denoising sets out: after the sampler's first step. */
const LEVEL = sigmaSchedule(SAMPLER_DEFAULTS)[1];
/** Trajectories made side by side. */
const SIDE = 16;

export interface OwnClipsOptions {
  readonly config: DitConfig;
  readonly corpus: Corpus;
  readonly tokeniser: Tokeniser;
  /** Of models that recall. */
  readonly recall?: DepthReader;
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
  const made: (readonly [number, OwnTrajectory])[] = [];
  for (const part of parts) made.push(...(await generated(params, part, options)));
  return new Map(made);
}

async function generated(params: Params, chosen: readonly number[], options: OwnClipsOptions) {
  const { config, corpus, tokeniser, recall, key } = options;
  const starts = chosen.map((i) => ({ frame: corpus.firstFrame(i), pose: corpus.paths(i)[0][0].start }));
  const rollout = await makeDit(params, config, tokeniser, { recall }).reset(starts);
  const recalled: Float32Array[][] = chosen.map(() => []);
  for (let n = 0; n < corpus.clips; n++) {
    const actions = chosen.map((i) => corpus.actions(i, n));
    const candidates = chosen.map((i) => {
      const from = { clip: { latents: corpus.latents(i, n) }, sigma: LEVEL };
      return [{ rng: Rng.of(...key, "noise", i, n), from }];
    });
    const groups = await rollout.sample(actions, candidates);
    if (recall) for (const [row, latents] of recalledOf(rollout).entries()) recalled[row].push(latents);
    await rollout.append(
      actions,
      groups.map(([clip]) => clip),
    );
  }
  const made = chosen.map((i, row): readonly [number, OwnTrajectory] => {
    const clips = rollout.clips(row).map(({ latents }) => latents);
    return [i, recall ? { clips, recalled: recalled[row] } : { clips }];
  });
  rollout.dispose();
  return made;
}

/** Ends the names of tensors of what is recalled. */
const RECALLED = ".recalled";

const fileIn = (dir: string): string => join(dir, "own-clips.safetensors");

export function saveOwnClips(dir: string, own: OwnClips, step: number): void {
  const stack = (clips: readonly Float32Array[]): tf.Tensor =>
    tf.tensor(joinFloats(clips), [clips.length, clips[0].length]);
  const tensors = Object.fromEntries(
    [...own].flatMap(([i, { clips, recalled }]) => [
      [String(i), stack(clips)],
      ...(recalled ? [[`${i}${RECALLED}`, stack(recalled)]] : []),
    ]),
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
  const unstack = (tensor: tf.Tensor): Float32Array[] => {
    const values = tensor.dataSync() as Float32Array;
    const size = values.length / tensor.shape[0];
    return Array.from({ length: tensor.shape[0] }, (_, n) => values.slice(n * size, (n + 1) * size));
  };
  const own = Object.keys(params)
    .filter((name) => !name.endsWith(RECALLED))
    .map((name): readonly [number, OwnTrajectory] => {
      const recalled = params[`${name}${RECALLED}`];
      const clips = unstack(params[name]);
      return [Number(name), recalled ? { clips, recalled: unstack(recalled) } : { clips }];
    });
  disposeParams(params);
  return new Map(own);
}
