/** Shapes of the tokeniser: 4 frames of 80x48 become one latent of 10x6 cells with 32 channels (24 times fewer numbers). */
export const TOKENISER = {
  frameWidth: 80,
  frameHeight: 48,
  /** Frames folded into one latent. */
  temporal: 4,
  /** Pixels folded into channels before the first convolution. */
  fold: 4,
  latentWidth: 10,
  latentHeight: 6,
  latentChannels: 32,
  /** Channels at 20x12 and at 10x6. */
  widths: [96, 160],
} as const;

/** Numbers in one latent: 6 * 10 * 32. */
export const LATENT_SIZE = TOKENISER.latentHeight * TOKENISER.latentWidth * TOKENISER.latentChannels;

/** Channels of a folded group: 4 frames * 4 * 4 pixels * RGB. */
export const FOLDED_CHANNELS = TOKENISER.temporal * TOKENISER.fold * TOKENISER.fold * 3;

export const FOLDED_HEIGHT = TOKENISER.frameHeight / TOKENISER.fold;
export const FOLDED_WIDTH = TOKENISER.frameWidth / TOKENISER.fold;
export const FRAME_BYTES = TOKENISER.frameWidth * TOKENISER.frameHeight * 3;
