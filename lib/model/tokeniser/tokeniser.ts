/** The trained tokeniser as a value: videos to latents and back, in batches, on the host's arrays. */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";
import type { Params } from "../nn/params.ts";
import { loadPublished, readConfig } from "../nn/published.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, TOKENISER } from "./config.ts";
import { dropRepeats, foldVideo, unfoldGroups } from "./fold.ts";
import { decode, encode, linearSpec, tokeniserSpec } from "./network.ts";

export interface Tokeniser {
  /** Numbers of a latent's cell. */
  channels: number;
  /** Video bytes [4n-3, 48, 80, 3] -> latents [n, 6, 10, 32]. */
  encode(frames: Uint8Array): Float32Array;
  /** Latents [n, 6, 10, 32] -> bytes of 4 n frames; of a video's first latent only the last frame counts. */
  decodeGroups(latents: Float32Array): Uint8Array;
  /** Latents of a whole video -> its 4 n - 3 frames. */
  decode(latents: Float32Array): Uint8Array;
  /** SHA-256 of the weights. */
  sha256: string;
}

/**
 * What a world model should learn first has to be large: a channel's latents are scaled to unit variance where they vary
 * by more than COARSE, and to (variance / COARSE)^2 where by less, so that detail, which is hard to predict, weighs as
 * little in the loss as in the picture.
 * @param variances of the network's channels on data
 */
export function channelScales(variances: readonly number[]): Float32Array {
  return Float32Array.from(variances, (v) => (1 / Math.sqrt(v)) * Math.min(1, v / COARSE));
}

const COARSE = 0.8;

const BATCH = 64;
const FOLDED_SIZE = FOLDED_HEIGHT * FOLDED_WIDTH * FOLDED_CHANNELS;

/** Applies f to batches of rows and joins the results. */
function inBatches(
  values: Float32Array,
  inShape: number[],
  outSize: number,
  f: (x: tf.Tensor) => tf.Tensor,
): Float32Array {
  const inSize = inShape.reduce((a, b) => a * b, 1);
  const rows = values.length / inSize;
  const out = new Float32Array(rows * outSize);
  for (let start = 0; start < rows; start += BATCH) {
    const part = values.subarray(start * inSize, Math.min(rows, start + BATCH) * inSize);
    const result = tf.tidy(() => f(tf.tensor(part, [part.length / inSize, ...inShape])));
    out.set(result.dataSync(), start * outSize);
    result.dispose();
  }
  return out;
}

/** Multiplies, or divides, every channel by its scale. */
function scaled(latents: Float32Array, scales: Float32Array, inverse: boolean): Float32Array {
  return latents.map((x, i) => (inverse ? x / scales[i % scales.length] : x * scales[i % scales.length]));
}

/** @param scales of the channels between the network's latents and those that it hands out */
export function makeTokeniser(params: Params, sha256: string, scales: Float32Array): Tokeniser {
  const channels = scales.length;
  const latentShape = [TOKENISER.latentHeight, TOKENISER.latentWidth, channels];
  const latentSize = latentShape.reduce((a, b) => a * b, 1);
  const decodeGroups = (latents: Float32Array): Uint8Array =>
    unfoldGroups(inBatches(scaled(latents, scales, true), latentShape, FOLDED_SIZE, (x) => decode(params, x)));
  return {
    channels,
    encode: (frames) => {
      const groups = foldVideo(frames);
      const shape = [FOLDED_HEIGHT, FOLDED_WIDTH, FOLDED_CHANNELS];
      const latents = inBatches(groups, shape, latentSize, (x) => encode(params, x));
      return scaled(latents, scales, false);
    },
    decodeGroups,
    decode: (latents) => dropRepeats(decodeGroups(latents)),
    sha256,
  };
}

/** @throws UserError if the checkpoint is missing or damaged */
export function loadTokeniser(dir: string): Tokeniser {
  const { channelVariances: variances, shape } = readConfig(dir);
  const channels = (shape as { latentChannels?: unknown } | undefined)?.latentChannels;
  if (!Number.isInteger(channels) || !isVariances(variances, channels as number)) {
    const problem = `${dir}/config.json has no ${channels} positive channelVariances`;
    throw new UserError(problem, "restore the folder from git");
  }
  const { params, sha256 } = loadPublished(dir, {
    ...linearSpec(variances.length),
    ...tokeniserSpec(variances.length),
  });
  return makeTokeniser(params, sha256, channelScales(variances));
}

const isVariances = (value: unknown, count: number): value is number[] =>
  Array.isArray(value) && value.length === count && value.every((v) => v > 0);

/** Mean square of each channel of latents [n, 6, 10, 32]. */
export function channelVariances(latents: Float32Array, channels: number = TOKENISER.latentChannels): number[] {
  const sums = new Float64Array(channels);
  latents.forEach((x, i) => {
    sums[i % channels] += x * x;
  });
  return Array.from(sums, (sum) => (sum * channels) / latents.length);
}
