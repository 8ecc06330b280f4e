/** Units of time: a latent is four frames, a clip four latents, as in the paper (arXiv 2602.09022). */

export const FRAMES_PER_LATENT = 4;
export const LATENTS_PER_CLIP = 4;

/** Frames of a video of `latents` latents: the first latent is one frame, every other one four. */
export const framesOf = (latents: number): number => FRAMES_PER_LATENT * (latents - 1) + 1;

/** Picture size in pixels to which the videos and recordings of others are brought: that of our worlds and tokenisers. */
export const WIDTH = 80;
export const HEIGHT = 48;

const DEGREE = Math.PI / 180;

/** A frame's step in our worlds, and in videos of which nothing else is known; angles are radians. */
export const TRANSLATION_STEP = 0.1;
export const YAW_STEP = 2 * DEGREE;
export const PITCH_STEP = 1.25 * DEGREE;
