/** A clip is the unit of generation: 4 latents, 16 frames (a video's first clip: 13). */

/** Latents of a clip, as in the paper. */
export const CLIP_LATENTS = 4;

/** 81 actions, and one class for "no action given" (classifier-free guidance). */
export const ACTION_CLASSES = 82;
export const NO_ACTION = 81;
