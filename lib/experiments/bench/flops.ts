/**
 * Floating-point operations of the model, counted from its shapes: those of matrix products and convolutions, 2 m k n
 * each; element-wise work, look-ups and rotations are not counted, so the shares of the ceiling are a little low for
 * every program alike.
 */
import { MOTION_FEATURES } from "../../model/legacy/condition.ts";
import {
  CELL_CHANNELS,
  CLIP_CELLS,
  CLIP_LATENTS,
  CLIP_SIZE,
  CLIP_TOKENS,
  LATENT_CELLS,
  LATENT_TOKENS,
  type ModelConfig,
  PATCH,
  TOKEN_CHANNELS,
} from "../../model/legacy/config.ts";
import { MOTIONS } from "../../model/legacy/motions.ts";
import { isMuon, modelSpec, SIGMA_FEATURES } from "../../model/legacy/spec.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, TOKENISER } from "../../model/tokeniser/config.ts";
import { BLOCK_CHANNELS } from "../../model/tokeniser/network.ts";
import { CONTEXT_SLOTS, TARGET_SLOTS } from "../../training/pretraining/window.ts";

const product = (rows: number, inner: number, columns: number): number => 2 * rows * inner * columns;

/** Layers that take data and not activations: their gradient with respect to the input is never needed. */
const inputLayers = ({ width }: ModelConfig): number =>
  product(CLIP_TOKENS, TOKEN_CHANNELS, width) + product(CLIP_LATENTS, SIGMA_FEATURES + MOTION_FEATURES, width);

/** What a target's tokens are shown of the picture before it, and of the carried ones; input layers as well. */
const pictureLayers = ({ width, carried }: ModelConfig): number =>
  product(LATENT_TOKENS, TOKEN_CHANNELS, width) +
  (carried ? product(CLIP_TOKENS, PATCH * PATCH + TOKEN_CHANNELS, width) : 0);

/** Embedding of one clip and its conditioning vectors. */
const embedding = (config: ModelConfig): number =>
  inputLayers(config) + product(CLIP_LATENTS, config.width, config.width);

/** What a block works on: a clip's tokens or its cells, of `width` channels each. */
interface Stage {
  rows: number;
  width: number;
}

const tokensOf = ({ width }: ModelConfig): Stage => ({ rows: CLIP_TOKENS, width });
/** Cells of the two pictures that a target looks at: the one before it and a remembered one. */
const PICTURE_CELLS = 2 * LATENT_CELLS;

const cellsOf = ({ detailWidth }: ModelConfig): Stage => ({ rows: CLIP_CELLS, width: detailWidth });

/** Modulation, queries, keys and values of one clip in one block. */
const projections = (config: ModelConfig, { rows, width }: Stage): number =>
  product(CLIP_LATENTS, config.width, 6 * width) + product(rows, width, 3 * width);

/** Attention of one clip to `keys` tokens or cells, and the rest of the block. */
const remainder = ({ expansion }: ModelConfig, { rows, width }: Stage, keys: number): number =>
  2 * product(rows, width, keys) + product(rows, width, width) + 2 * product(rows, width, expansion * width);

/** The detail stage's layers that take data: the noisy and the carried cells once, the two pictures in every block. */
const detailInputs = ({ detailWidth, detailDepth, carried }: ModelConfig): number =>
  detailDepth === 0
    ? 0
    : product(CLIP_CELLS, CELL_CHANNELS + (carried ? CELL_CHANNELS + 1 : 0), detailWidth) +
      detailDepth * product(PICTURE_CELLS, CELL_CHANNELS, 2 * detailWidth);

/** Means over the possible motions, whose clips are data. */
const mixing = ({ carried }: ModelConfig): number =>
  carried ? product(1, MOTIONS, CLIP_SIZE + CLIP_CELLS + CLIP_LATENTS * MOTION_FEATURES) : 0;

/** Weighing the possible motions, and what is told of the outcome. */
const decision = (config: ModelConfig): number =>
  mixing(config) +
  (config.carried ? product(1, config.width, MOTIONS) + product(CLIP_LATENTS, MOTION_FEATURES, config.width) : 0);

/** The detail stage of one target. */
function detail(config: ModelConfig): number {
  const { width, detailWidth, detailDepth, carried } = config;
  if (detailDepth === 0) return 0;
  const stage = cellsOf(config);
  const block = projections(config, stage) + remainder(config, stage, PICTURE_CELLS + CLIP_CELLS);
  const ends =
    product(CLIP_TOKENS, width, (CLIP_CELLS / CLIP_TOKENS) * detailWidth) +
    product(CLIP_LATENTS, width, 2 * detailWidth) +
    product(CLIP_CELLS, detailWidth, (carried ? 2 : 1) * CELL_CHANNELS);
  return detailInputs(config) + detailDepth * block + ends;
}

const output = ({ width, carried }: ModelConfig): number =>
  product(CLIP_LATENTS, width, 2 * width + TOKEN_CHANNELS) +
  product(CLIP_TOKENS, width, (carried ? 2 : 1) * TOKEN_CHANNELS);

/** Predicting the velocity of one clip that sees `contextClips` others, whose keys and values are there. */
export const targetFlops = (config: ModelConfig, contextClips: number): number =>
  embedding(config) +
  decision(config) +
  pictureLayers(config) +
  config.depth *
    (projections(config, tokensOf(config)) + remainder(config, tokensOf(config), (contextClips + 1) * CLIP_TOKENS)) +
  detail(config) +
  output(config);

/** Keys and values of one clip in every block; the last block stops there. */
export const contextFlops = (config: ModelConfig): number =>
  embedding(config) +
  config.depth * projections(config, tokensOf(config)) +
  (config.depth - 1) * remainder(config, tokensOf(config), CLIP_TOKENS);

/** Muon's Newton-Schulz iterations: five of X X^T, its square, and its product with X. */
function muonFlops(config: ModelConfig): number {
  const matrices = Object.entries(modelSpec(config)).filter(([name]) => isMuon(name));
  return matrices.reduce((sum, [, { shape }]) => {
    const [short, long] = [Math.min(...shape), Math.max(...shape)];
    return sum + 5 * (2 * product(short, long, short) + product(short, short, short));
  }, 0);
}

/** Forward pass of one training window. */
export const windowFlops = (config: ModelConfig): number =>
  CONTEXT_SLOTS * contextFlops(config) + TARGET_SLOTS * targetFlops(config, CONTEXT_SLOTS);

/**
 * One training step: the backward pass is twice the forward one, less the input layers' unneeded half. Context is
 * counted whole, whether a target's mask hides it or not.
 */
export function trainingFlops(config: ModelConfig, batch: number): number {
  const ofTargets = pictureLayers(config) + detailInputs(config) + mixing(config);
  const unneeded = (CONTEXT_SLOTS + TARGET_SLOTS) * inputLayers(config) + TARGET_SLOTS * ofTargets;
  return batch * (3 * windowFlops(config) - unneeded) + muonFlops(config);
}

const convolution = (height: number, width: number, input: number, channels: number): number =>
  product(height * width, 9 * input, channels);

/** Decoding one latent to four frames. */
export function decoderFlops(): number {
  const [narrow, wide] = TOKENISER.widths;
  const { latentHeight: h, latentWidth: w, latentChannels: c } = TOKENISER;
  const small = convolution(h, w, c, wide) + 4 * convolution(h, w, wide, wide);
  const up = product(h * w, wide, 4 * narrow) + product(h * w, c, BLOCK_CHANNELS);
  const large =
    4 * convolution(FOLDED_HEIGHT, FOLDED_WIDTH, narrow, narrow) +
    convolution(FOLDED_HEIGHT, FOLDED_WIDTH, narrow, FOLDED_CHANNELS);
  return small + up + large;
}

/**
 * Generating one video and decoding it. What only our side does for the carried pictures, decoding two before each clip,
 * is not counted.
 * @param contextClips for each clip of the video, how many clips it sees
 * @param steps Euler steps of the sampler
 */
export function samplingFlops(config: ModelConfig, contextClips: readonly number[], steps: number): number {
  const sampled = contextClips.reduce((sum, seen) => sum + steps * targetFlops(config, seen), 0);
  return sampled + contextClips.length * (contextFlops(config) + CLIP_LATENTS * decoderFlops());
}
