/**
 * Clip-level rollouts: the beginning is generated once, then several candidates of the clip to be trained (WorldCompass,
 * section 3.1): n - 1 + G clip generations for clip n, against N * G of whole sequences.
 */

import { codecOf } from "../model/legacy/carried.ts";
import { CLIP_SIZE, type ModelConfig } from "../model/legacy/config.ts";
import { makeWorldModel } from "../model/legacy/rollout.ts";
import type { SamplerConfig } from "../model/legacy/sampler.ts";
import type { Rollout, Start } from "../model/legacy/worldModel.ts";
import type { Params } from "../model/nn/params.ts";
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { Rng } from "../util/rng.ts";
import { type Exploration, mannersOf } from "./exploration.ts";
import { clipActions, type Prompt, startOf } from "./prompts/index.ts";
import type { ClipSampler, Group } from "./sampler.ts";
import { situationOf } from "./situation.ts";
import type { Branch, RolloutTree } from "./tree.ts";

export interface RolloutOptions {
  sampler: SamplerConfig;
  /** Branches of each prompt, G. */
  branches: number;
  exploration: Exploration;
  /** Names the random stream, for example [seed, iteration]. */
  key: readonly (string | number)[];
}

/** A policy and what it needs to run. */
export interface Policy {
  params: Params;
  shape: ModelConfig;
  tokeniser: Tokeniser;
}

/** Lets videos grow to `clips` clips, from noise that depends on the key, the video and the clip alone. */
export function growVideos(
  rollout: Rollout,
  prompts: readonly Prompt[],
  clips: number,
  key: readonly (string | number)[],
): void {
  for (let n = rollout.length; n < clips; n++) {
    const actions = prompts.map((prompt) => clipActions(prompt.actions, n));
    const noises = prompts.map((_, i) => Rng.of(...key, "video", i, n).normals(CLIP_SIZE));
    rollout.append(actions, rollout.propose(actions, noises));
  }
}

/**
 * Branches at clip `target` of every prompt.
 * @param target 0 for the video's first clip
 */
export function branchClips(
  { params, shape, tokeniser }: Policy,
  clipSampler: ClipSampler,
  prompts: readonly Prompt[],
  target: number,
  options: RolloutOptions,
): RolloutTree[] {
  const starts = prompts.map((prompt) => startOf(prompt, tokeniser));
  const rollout = makeWorldModel(params, shape, {
    sampler: options.sampler,
    compiled: true,
    codec: codecOf(tokeniser),
  }).begin(starts);
  growVideos(rollout, prompts, target, [...options.key, "prefix"]);
  const prefixes = prompts.map((_, i) => ({ clips: [...rollout.clips(i)], ways: [...rollout.paths(i)] }));
  rollout.dispose();
  const groups = prompts.map((prompt, i) => groupOf(prompt, starts[i], prefixes[i], i, options));
  const sampled = clipSampler.sample(params, groups);
  return prompts.map((prompt, i): RolloutTree => {
    const branches = sampled[i].map(({ tokens, steps }, b) => {
      const { clips, ways } = prefixes[i];
      return { clips: [...clips, tokens], ways, manner: groups[i].candidates[b].manner, steps };
    });
    return { prompt, start: starts[i], root: target, branches, generations: target + branches.length };
  });
}

function groupOf(
  prompt: Prompt,
  start: Start,
  { clips, ways }: Pick<Branch, "clips" | "ways">,
  i: number,
  { exploration, branches, key }: RolloutOptions,
): Group {
  const actions = Array.from({ length: clips.length + 1 }, (_, n) => clipActions(prompt.actions, n));
  const manners = mannersOf(exploration, actions[clips.length], branches, Rng.of(...key, "manner", i));
  const candidates = manners.map((manner, b) => ({
    manner,
    noise: Rng.of(...key, "branch", i, b).normals(CLIP_SIZE),
    rng: Rng.of(...key, "fresh noise", i, b),
  }));
  return { situation: situationOf(start, actions, clips, ways), candidates };
}
