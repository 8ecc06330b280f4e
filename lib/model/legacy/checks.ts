/** What a rollout may be given; anything else is refused before it reaches the network. */
import { UserError } from "../../util/errors.ts";
import { ACTIONS } from "../../world/index.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "./config.ts";
import { type SamplerConfig, sigmaSchedule } from "./sampler.ts";
import type { Start } from "./worldModel.ts";

/** @throws UserError unless there is a video, each begins with one latent, and the sampler can run */
export function checkStarts(starts: readonly Start[], sampler: SamplerConfig): void {
  if (starts.length === 0) throw new UserError("there is no video to continue", "give at least one start");
  for (const { latent } of starts) checkSize("a start's latent", latent, CLIP_SIZE / CLIP_LATENTS);
  sigmaSchedule(sampler);
}

/** @throws UserError unless every video has four actions of 0..80 */
export function checkActions(actions: readonly ArrayLike<number>[], count: number): void {
  if (actions.length !== count)
    throw new UserError(`actions for ${actions.length} videos, there are ${count}`, "give four actions for each video");
  const isAction = (a: number): boolean => Number.isInteger(a) && a >= 0 && a < ACTIONS;
  for (const four of actions) {
    if (four.length === CLIP_LATENTS && Array.from(four).every(isAction)) continue;
    throw new UserError(
      `the actions [${Array.from(four)}] of a clip`,
      `give ${CLIP_LATENTS} whole numbers from 0 to ${ACTIONS - 1}`,
    );
  }
}

/** @throws UserError unless every video has equally many noises, at least one, of a clip's size */
export function checkNoises(noises: readonly Float32Array[], count: number): void {
  if (noises.length === 0 || noises.length % count !== 0)
    throw new UserError(`${noises.length} noises for ${count} videos`, "give equally many to each video");
  for (const noise of noises) checkSize("a clip's noise", noise, CLIP_SIZE);
}

/** @throws UserError unless there is one clip for each video */
export function checkClips(clips: readonly Float32Array[], count: number): void {
  if (clips.length !== count)
    throw new UserError(`${clips.length} clips for ${count} videos`, "give one clip for each video");
  for (const clip of clips) checkSize("a clip", clip, CLIP_SIZE);
}

function checkSize(what: string, values: ArrayLike<number>, size: number): void {
  if (values.length !== size)
    throw new UserError(`${what} has ${values.length} numbers instead of ${size}`, "give tokens of this model's shape");
}
