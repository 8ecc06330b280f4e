/** Denoises clips, one a row: single clips of videos or groups of candidates, with guidance and fresh noise where asked. */
import * as tf from "@tensorflow/tfjs-core";
import { joinFloats } from "../../util/arrays.ts";
import type { Rng } from "../../util/rng.ts";
import { CLIP_LATENTS } from "../clip.ts";
import type { Params } from "../nn/params.ts";
import { type SamplerConfig, sigmasFrom, type Transition, transitionOf } from "../sampler.ts";
import type { Clip } from "../worldModel.ts";
import type { KeyValue } from "./attention.ts";
import { addNoise, clipBatch, disposeClips, type HostClip } from "./batch.ts";
import type { Network } from "./compiled.ts";
import { CONTEXT_SIGMA, clipSize, type DitConfig } from "./config.ts";
import type { ClipBatch } from "./network.ts";

/** One clip to be made: its conditions without latents, the same without its commands, and its noise. */
export interface SampleRow {
  readonly clip: HostClip;
  readonly unconditional: HostClip;
  readonly noise: Float32Array;
  /** Of fresh noise. */
  readonly rng: Rng;
  readonly guidance: number;
  readonly eta: number;
  readonly from?: { readonly latents: Float32Array; readonly sigma: number };
}

interface Sampling {
  readonly params: Params;
  readonly config: DitConfig;
  readonly network: Network;
}

/** Noise levels of a clip's latents; the first one of a video is given and counts as context. */
export const latentSigmas = (sigma: number, first: boolean): number[] =>
  Array.from({ length: CLIP_LATENTS }, (_, latent) => (first && latent === 0 ? CONTEXT_SIGMA : sigma));

/** What is denoised: noise, or a given clip mixed with it; a given first latent stays as it is. */
function startOf({ noise, from, clip }: SampleRow, first: boolean): Float32Array {
  const start = from ? addNoise(from.latents, noise, latentSigmas(from.sigma, false)) : noise.slice();
  if (first) start.set(clip.previous as Float32Array);
  return start;
}

/** Velocities of all rows at x and sigma, guided where a row asks for it. */
function makeVelocity(
  { params, network, config }: Sampling,
  rows: readonly SampleRow[],
  context: KeyValue[],
  first: boolean,
) {
  const conditional = rowBatch(rows, ({ clip }) => clip, config);
  const guided = rows.some(({ guidance }) => guidance !== 1);
  const unconditional = guided ? rowBatch(rows, (row) => row.unconditional, config) : undefined;
  const weights = tf.tensor(
    rows.flatMap(({ guidance }) => new Array<number>(CLIP_LATENTS).fill(guidance)),
    [rows.length * CLIP_LATENTS, 1, 1, 1],
  );
  const at = (batch: ClipBatch, x: tf.Tensor, sigma: number): tf.Tensor => {
    const levels = tf.tile(tf.tensor(latentSigmas(sigma, first), [1, CLIP_LATENTS]), [rows.length, 1]);
    return network.velocity(params, { ...batch, latents: x, sigma: levels }, context);
  };
  const velocity = (x: tf.Tensor, sigma: number): tf.Tensor => {
    const own = at(conditional, x, sigma);
    if (!unconditional) return own;
    const free = at(unconditional, x, sigma);
    return tf.add(free, tf.mul(weights, tf.sub(own, free)));
  };
  const dispose = (): void => {
    disposeClips(conditional);
    if (unconditional) disposeClips(unconditional);
    weights.dispose();
  };
  return { velocity, dispose };
}

/** The conditions of all rows; the latents are put in at every step. */
function rowBatch(rows: readonly SampleRow[], pick: (row: SampleRow) => HostClip, config: DitConfig): ClipBatch {
  const empty = new Float32Array(clipSize(config.latent));
  return clipBatch(
    rows.map((row) => ({ ...pick(row), latents: empty })),
    1,
    config,
  );
}

/** One number a row for each of its latents, [rows * 4, 1, 1, 1]; 0 on a given first latent. */
function perLatent(values: readonly number[], first: boolean): tf.Tensor {
  const all = values.flatMap((value) => latentsOf((latent) => (first && latent === 0 ? 0 : value)));
  return tf.tensor(all, [all.length, 1, 1, 1]);
}

const latentsOf = (value: (latent: number) => number): number[] =>
  Array.from({ length: CLIP_LATENTS }, (_, latent) => value(latent));

/** Fresh noise for the rows whose transition has some. */
function freshNoise(rows: readonly SampleRow[], transitions: readonly Transition[], size: number): Float32Array {
  const out = new Float32Array(rows.length * size);
  for (const [i, { rng }] of rows.entries()) if (transitions[i].std > 0) out.set(rng.normals(size), i * size);
  return out;
}

/**
 * @param context per block, turned keys and values of every row; empty for a video's first clip
 * @param first is it the videos' first clip, whose first latent is given?
 */
export function sampleRows(
  sampling: Sampling,
  sampler: SamplerConfig,
  rows: readonly SampleRow[],
  context: KeyValue[],
  first: boolean,
): Clip[] {
  const { latent } = sampling.config;
  const [size, shape] = [clipSize(latent), [rows.length * CLIP_LATENTS, latent.rows, latent.columns, latent.channels]];
  const sigmas = sigmasFrom(rows[0].from?.sigma ?? 1, sampler);
  const early = Math.round(sampler.etaShare * (sigmas.length - 1));
  const { velocity, dispose } = makeVelocity(sampling, rows, context, first);
  let x: tf.Tensor = tf.tensor(joinFloats(rows.map((row) => startOf(row, first))), shape);
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const [sigma, next] = [sigmas[i], sigmas[i + 1]];
    const transitions = rows.map(({ eta }) => transitionOf(sigma, next, i < early ? eta : 0));
    const stochastic = transitions.some(({ std }) => std > 0);
    const after = tf.tidy(() => {
      const part = (key: keyof Transition, less = 0): tf.Tensor =>
        perLatent(
          transitions.map((t) => t[key] - less),
          first,
        );
      const change = [tf.mul(x, part("fromX", 1)), tf.mul(velocity(x, sigma), part("fromV"))];
      if (stochastic) change.push(tf.mul(tf.tensor(freshNoise(rows, transitions, size), shape), part("std")));
      return tf.addN([x, ...change]);
    });
    x.dispose();
    x = after;
  }
  const values = x.dataSync() as Float32Array;
  x.dispose();
  dispose();
  return rows.map((_, i) => ({ latents: values.slice(i * size, (i + 1) * size) }));
}
