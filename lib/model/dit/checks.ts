/** What a rollout may be given; anything else is refused before it reaches the network. */
import { UserError } from "../../util/errors.ts";
import { ACTIONS } from "../../world/actions.ts";
import { CLIP_LATENTS } from "../clip.ts";
import type { Candidate, Clip, Start } from "../worldModel.ts";
import { clipSize, type DitConfig } from "./config.ts";

/** @throws UserError unless there is a video and each begins with a picture of the camera's size */
export function checkStarts(starts: readonly Start[], { camera: { width, height } }: DitConfig): void {
  if (starts.length === 0) throw new UserError("there is no video to begin", "give at least one start");
  for (const [i, { frame }] of starts.entries()) {
    if (frame.length === width * height * 3) continue;
    const problem = `the first picture of video ${i} has ${frame.length} bytes`;
    throw new UserError(problem, `give ${width} x ${height} pixels of RGB, ${width * height * 3} bytes`);
  }
}

/** @throws UserError unless every video has four actions of 0..80 */
export function checkActions(actions: readonly ArrayLike<number>[], count: number): void {
  if (actions.length !== count)
    throw new UserError(`actions for ${actions.length} videos, there are ${count}`, "give four actions for each video");
  const isAction = (a: number): boolean => Number.isInteger(a) && a >= 0 && a < ACTIONS;
  for (const [i, four] of actions.entries()) {
    if (four.length === CLIP_LATENTS && Array.from(four).every(isAction)) continue;
    throw new UserError(
      `the actions [${Array.from(four)}] of video ${i}`,
      `give ${CLIP_LATENTS} whole numbers from 0 to ${ACTIONS - 1}`,
    );
  }
}

/** @throws UserError unless every video has equally many candidates, at least one, that can be sampled */
export function checkCandidates(candidates: readonly (readonly Candidate[])[], count: number, config: DitConfig): void {
  const sizes = new Set(candidates.map(({ length }) => length));
  if (candidates.length !== count || sizes.size !== 1 || sizes.has(0)) {
    const problem = `candidates [${candidates.map(({ length }) => length)}] for ${count} videos`;
    throw new UserError(problem, "give equally many to each video, at least one");
  }
  for (const { guidance = 1, eta = 0, actions, from } of candidates.flat()) {
    if (!(guidance >= 0)) throw new UserError(`a guidance weight of ${guidance}`, "give 0 or more; 1 is none");
    if (!(eta >= 0 && eta <= 1)) throw new UserError(`an eta of ${eta}`, "give a number from 0 to 1");
    if (actions) checkActions([actions], 1);
    if (from) checkClips([from.clip], 1, config);
  }
  const levels = new Set(candidates.flat().map(({ from }) => from?.sigma ?? 1));
  if (levels.size > 1)
    throw new UserError(`candidates from noise levels ${[...levels]}`, "begin all candidates of a call at one level");
}

/** @throws UserError unless there is one clip of this model for each video */
export function checkClips(clips: readonly Clip[], count: number, { latent }: DitConfig): void {
  if (clips.length !== count)
    throw new UserError(`${clips.length} clips for ${count} videos`, "give one clip for each video");
  for (const { latents } of clips) {
    if (latents.length === clipSize(latent)) continue;
    throw new UserError(`a clip of ${latents.length} numbers`, `give one of this model, ${clipSize(latent)} numbers`);
  }
}
