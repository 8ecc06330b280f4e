/** The numbers that every other part derives from: picture, camera, steps and clips. Angles are radians. */

const DEGREE = Math.PI / 180;

/** Picture size in pixels; frames are [HEIGHT, WIDTH, 3] of 8-bit RGB. */
export const WIDTH = 80;
export const HEIGHT = 48;
/** Bytes of one frame. */
export const FRAME_BYTES = WIDTH * HEIGHT * 3;

/** Pinhole focal length in pixels: half the width, so the horizontal field of view is 90 degrees. */
export const FOCAL = WIDTH / 2;
/** Height of the eye above the ground, in world units. Low, so that the ground flows fast under the camera. */
export const EYE_HEIGHT = 0.5;
/** The eye never comes nearer than this to a solid. */
export const CLEARANCE = 0.35;

/** Frames (and so pose steps) per latent, and latents per clip, as in the paper: a clip is 16 frames. */
export const FRAMES_PER_LATENT = 4;
export const LATENTS_PER_CLIP = 4;

/** Per frame: 0.1 units, 2 degrees of yaw, 1.25 degrees of pitch (per latent 0.4 units, 8 and 5 degrees). */
export const TRANSLATION_STEP = 0.1;
export const YAW_STEP = 2 * DEGREE;
export const PITCH_STEP = 1.25 * DEGREE;
export const PITCH_LIMIT = 20 * DEGREE;

/** A frame step counts as translation above a third of the step, as rotation above 0.2 degrees (the paper's). */
export const TRANSLATION_THRESHOLD = TRANSLATION_STEP / 3;
export const ROTATION_THRESHOLD = 0.2 * DEGREE;

/** Frames of a video of `latents` latents: the first latent is one frame, every other one four. */
export const framesOf = (latents: number): number => FRAMES_PER_LATENT * (latents - 1) + 1;
