/** Videos of a world model for given prompts. */
import { CLIP_SIZE } from "../../model/legacy/config.ts";
import { joinClips, toTokens } from "../../model/legacy/tokens.ts";
import type { Rollout, Start, WorldModel } from "../../model/legacy/worldModel.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { Rng } from "../../util/rng.ts";
import type { Pose } from "../../world/index.ts";
import { makeScene, renderPath } from "../../world/plane/index.ts";
import { clipActions, type Prompt } from "./prompt.ts";

export interface GenerateOptions {
  /** Seed of the sampling noise. */
  seed: number;
  clips: number;
  /** Videos generated side by side. */
  batch: number;
  /** Called after every clip of a batch with the number of clips made. */
  onClips?: (clips: number) => void;
}

/** The start of a prompt: its true first picture as a latent, and the camera. */
export function startOf({ sceneSeed, poses, speed }: Prompt, tokeniser: Tokeniser): Start {
  const picture = renderPath(makeScene(sceneSeed), poses.slice(0, 1));
  return { latent: toTokens(tokeniser.encode(picture)), pose: poses[0], ...(speed === undefined ? {} : { speed }) };
}

/** Lets a rollout grow to `clips` clips; noise depends on (seed, prompt, clip) alone, not on the batch. */
export function grow(rollout: Rollout, prompts: readonly Prompt[], first: number, options: GenerateOptions): void {
  for (let n = rollout.length; n < options.clips; n++) {
    const actions = prompts.map((prompt) => clipActions(prompt.actions, n));
    const noises = prompts.map((_, i) => Rng.of(options.seed, "sampling", first + i, n).normals(CLIP_SIZE));
    rollout.append(actions, rollout.propose(actions, noises));
    options.onClips?.(prompts.length);
  }
}

export interface Generated {
  /** [16 * clips - 3, 48, 80, 3]. */
  frames: Uint8Array;
  /** Where the camera is taken to be at the end of each clip. */
  ends: Pose[];
  /** The same at the end of each latent, of which frame 4 * latent is the last. */
  latentEnds: Pose[];
}

/** One video for each prompt. */
export function generate(
  model: WorldModel,
  tokeniser: Tokeniser,
  prompts: readonly Prompt[],
  options: GenerateOptions,
): Generated[] {
  const videos: Generated[] = [];
  for (let start = 0; start < prompts.length; start += options.batch) {
    const part = prompts.slice(start, start + options.batch);
    const rollout = model.begin(part.map((prompt) => startOf(prompt, tokeniser)));
    grow(rollout, part, start, options);
    const endsOf = (i: number): Pose[] => rollout.paths(i).map((path) => path[path.length - 1].end);
    const latentEndsOf = (i: number): Pose[] => rollout.paths(i).flatMap((path) => path.map(({ end }) => end));
    const framesOf = (i: number): Uint8Array => tokeniser.decode(joinClips(rollout.clips(i)));
    videos.push(...part.map((_, i) => ({ frames: framesOf(i), ends: endsOf(i), latentEnds: latentEndsOf(i) })));
    rollout.dispose();
  }
  return videos;
}

/** The frames alone. */
export const generateVideos = (...given: Parameters<typeof generate>): Uint8Array[] =>
  generate(...given).map(({ frames }) => frames);
