/** Shape of the world model: a transformer over tokens, and a finer one over single cells for the detail. */
import { TOKENISER } from "../tokeniser/config.ts";

export interface ModelConfig {
  /** Channels of the residual stream (d). */
  width: number;
  /** Transformer blocks (L). */
  depth: number;
  /** Channels of one attention head; fixed by the relative encoding's sixteen rotation planes. */
  headWidth: 32;
  /** Hidden channels of the feed-forward layer as a multiple of the width. */
  expansion: number;
  /** Channels of the detail stage, which works on single cells. */
  detailWidth: number;
  /** Its blocks; 0 leaves it out. */
  detailDepth: number;
  /** Are targets shown the known pictures, carried along by the commanded motion? */
  carried: boolean;
  /**
   * Is the prior of a motion at every noise level that of the highest, as Bayes has it? What is learnt for each level apart falls
   * with it, so that noise may still turn a decision. Default: no.
   */
  steadyPrior?: boolean;
}

export const BASE_MODEL: ModelConfig = {
  width: 192,
  depth: 6,
  headWidth: 32,
  expansion: 4,
  detailWidth: 128,
  detailDepth: 2,
  carried: true,
};

/** A clip is 4 latents = 16 frames (the first clip 13). */
export const CLIP_LATENTS = 4;
/** Side of the square of latent cells that makes one token. */
export const PATCH = 2;
export const TOKEN_ROWS = TOKENISER.latentHeight / PATCH;
export const TOKEN_COLUMNS = TOKENISER.latentWidth / PATCH;
/** Tokens of one latent: 3 x 5. */
export const LATENT_TOKENS = TOKEN_ROWS * TOKEN_COLUMNS;
/** Tokens of one clip: 60. */
export const CLIP_TOKENS = CLIP_LATENTS * LATENT_TOKENS;
/** Numbers in one token: 2 x 2 cells of 32 channels. */
export const TOKEN_CHANNELS = PATCH * PATCH * TOKENISER.latentChannels;
/** Latent cells of one latent: 6 x 10, in the order of the tokens and of the numbers within a token. */
export const LATENT_CELLS = LATENT_TOKENS * PATCH * PATCH;
/** Cells of one clip: 240. */
export const CLIP_CELLS = CLIP_LATENTS * LATENT_CELLS;
/** Numbers in one cell. */
export const CELL_CHANNELS = TOKENISER.latentChannels;
/** Numbers in one clip of latents. */
export const CLIP_SIZE = CLIP_TOKENS * TOKEN_CHANNELS;

/** 81 actions and one class for "no action given" (classifier-free guidance). */
export const ACTION_CLASSES = 82;
export const NO_ACTION = 81;

/** Noise level at which context is shown to the model (paper: timestep 14 of 1000). */
export const CONTEXT_SIGMA = 0.014;

/** Context: first clip, one retrieved clip, three recent clips: 20 latents. */
export const RECENT_CLIPS = 3;
