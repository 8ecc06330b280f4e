/** How well a video follows its commands, by the frame steps that an estimator reads from it. */
import { UserError } from "../util/errors.ts";
import { rotationOf, translationOf } from "../world/actions.ts";
import { FRAMES_PER_LATENT } from "../world/config.ts";

/** Shares of frame steps, 0..1: the whole action right (the paper's metric), translation right, rotation right. */
export interface Accuracy {
  readonly exact: number;
  readonly translation: number;
  readonly rotation: number;
  /** Frame steps counted. */
  readonly steps: number;
}

const CLASSES = 9;

/**
 * The action of every frame step of a video.
 * @param actions one a latent, [L]; the first is that of the initial picture and has no step
 * @returns [4 * (L - 1)]
 */
export function stepActions(actions: ArrayLike<number>): Int32Array {
  const steps = (actions.length - 1) * FRAMES_PER_LATENT;
  return Int32Array.from({ length: Math.max(0, steps) }, (_, i) => actions[1 + Math.floor(i / FRAMES_PER_LATENT)]);
}

/** @param estimated,commanded [m] actions, m >= 1. @throws UserError on unequal or no steps */
export function accuracyOf(estimated: ArrayLike<number>, commanded: ArrayLike<number>): Accuracy {
  checkSteps(estimated.length, commanded.length);
  let [exact, translation, rotation] = [0, 0, 0];
  for (let i = 0; i < commanded.length; i++) {
    const [is, should] = [estimated[i], commanded[i]];
    if (is === should) exact++;
    if (translationOf(is) === translationOf(should)) translation++;
    if (rotationOf(is) === rotationOf(should)) rotation++;
  }
  const steps = commanded.length;
  return { exact: exact / steps, translation: translation / steps, rotation: rotation / steps, steps };
}

/** The paper's interaction reward of a clip, (translation accuracy + rotation accuracy) / 2 over its steps, 0..1. */
export function hardInteraction(estimated: ArrayLike<number>, commanded: ArrayLike<number>): number {
  const { translation, rotation } = accuracyOf(estimated, commanded);
  return (translation + rotation) / 2;
}

/**
 * The same with the probability of the commanded class in place of right or wrong: finer steps between equal clips.
 * @param probabilities [m * 9] each
 */
export function softInteraction(
  probabilities: { readonly translation: Float32Array; readonly rotation: Float32Array },
  commanded: ArrayLike<number>,
): number {
  const { translation, rotation } = probabilities;
  checkSteps(translation.length / CLASSES, commanded.length);
  checkSteps(rotation.length / CLASSES, commanded.length);
  let sum = 0;
  for (let i = 0; i < commanded.length; i++) {
    sum += translation[i * CLASSES + translationOf(commanded[i])] + rotation[i * CLASSES + rotationOf(commanded[i])];
  }
  return sum / (2 * commanded.length);
}

function checkSteps(estimated: number, commanded: number): void {
  if (estimated === commanded && commanded > 0) return;
  const problem = `${estimated} estimated frame steps do not belong to ${commanded} commanded ones.`;
  throw new UserError(problem, "Give one action a frame step, four a latent; stepActions makes them.");
}
