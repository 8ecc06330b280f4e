/**
 * Clip-level rollouts (WorldCompass, arXiv 2602.09022, section 3.1): the beginning of each video is generated once, then a
 * group of candidates for the clip to be trained: n - 1 + G clip generations for clip n, against N * G of whole sequences.
 */
import { stepActions } from "../metrics/accuracy.ts";
import type { Clip, Conditioning, Rollout, TrainableWorldModel, WorldModel } from "../model/worldModel.ts";
import type { History, RewardInput } from "../rewards/reward.ts";
import { joinBytes } from "../util/arrays.ts";
import { once } from "../util/once.ts";
import { Rng } from "../util/rng.ts";
import type { Exploration } from "./explore.ts";
import { checkLength, clipActions, type Prompt } from "./prompt.ts";

/** What of a prompt a model is rolled out on. */
export type Cue = Pick<Prompt, "start" | "actions">;

/** One video's beginning and the candidates of its next clip, as values that can travel. */
export interface Branched {
  readonly conditioning: Conditioning;
  /** The clips before. */
  readonly before: readonly Clip[];
  /** The picture before the candidates. */
  readonly last: Uint8Array;
  readonly candidates: readonly Clip[];
  /** Of each candidate, decoded. */
  readonly frames: readonly Uint8Array[];
}

/** The candidates of one video's next clip. */
export interface Group extends Pick<Branched, "conditioning" | "candidates"> {
  readonly prompt: Prompt;
  /** Clips before them. */
  readonly depth: number;
  /** The candidates as rewards see them. */
  readonly inputs: readonly RewardInput[];
}

export interface BranchOptions {
  /** Candidates of each prompt, G. */
  readonly branches: number;
  readonly explore: Exploration;
  /** Names the random stream, for example [seed, iteration]. */
  readonly key: readonly (string | number)[];
  /** Number of the first prompt in the whole iteration: each has random streams of its own. */
  readonly first?: number;
}

/** Frames of a latent but the last: of a video's first latent they are copies. */
export const COPIES = 3;

/**
 * Branches at clip `depth` of every prompt.
 * @param model the policy that acts
 * @param depth 0 for the video's first clip
 */
export async function branchClips(
  model: TrainableWorldModel,
  cues: readonly Cue[],
  depth: number,
  options: BranchOptions,
): Promise<Branched[]> {
  checkLength(cues, depth + 1);
  const rollout = await model.reset(cues.map(({ start }) => start));
  try {
    return await branch(model, rollout, cues, depth, options);
  } finally {
    rollout.dispose();
  }
}

async function branch(
  model: TrainableWorldModel,
  rollout: Rollout,
  cues: readonly Cue[],
  depth: number,
  { branches, explore, key, first = 0 }: BranchOptions,
): Promise<Branched[]> {
  const actionsAt = (n: number): Uint8Array[] => cues.map((cue) => clipActions(cue, n));
  for (let n = 0; n < depth; n++)
    await rollout.step(
      actionsAt(n),
      cues.map((_, i) => Rng.of(...key, "prefix", first + i, n)),
    );
  const actions = actionsAt(depth);
  const conditions = model.conditions(rollout, actions);
  const candidates = await rollout.sample(
    actions,
    actions.map((four, i) => explore(four, branches, [...key, first + i])),
  );
  const before = cues.map((_, i) => [...rollout.clips(i)]);
  const lasts = cues.map(({ start }, i) => lastFrame(model, start.frame, before[i]));
  const decoded = model.decode(candidates.flat());
  return cues.map((_, i) => ({
    conditioning: conditions[i],
    before: before[i],
    last: lasts[i],
    candidates: candidates[i],
    frames: decoded.slice(i * branches, (i + 1) * branches),
  }));
}

/** The picture before a clip: the last one of the video so far, or the given one. */
function lastFrame(model: WorldModel, given: Uint8Array, clips: readonly Clip[]): Uint8Array {
  if (clips.length === 0) return given;
  const [frames] = model.decode(clips.slice(-1));
  return frames.subarray(frames.length - given.length);
}

/** @param model decodes the video's beginning, where a reward looks at it */
export function groupOf(model: WorldModel, prompt: Prompt, { before, frames, last, ...rest }: Branched): Group {
  const depth = before.length;
  const first = prompt.start.frame;
  const four = clipActions(prompt, depth);
  const framesBefore = 16 * depth - COPIES;
  const history: History = {
    poses: prompt.poses.slice(0, Math.max(0, framesBefore)),
    upcoming: prompt.poses.slice(Math.max(0, framesBefore), framesBefore + 16),
    frames: once(() => joinBytes(model.decode(before)).subarray(COPIES * first.length)),
  };
  const past = depth === 0 ? undefined : { last, history };
  const inputs = frames.map((own) => rewardInput(own, first, four, past));
  return { ...rest, prompt, depth, inputs };
}

export async function rollOutGroups(
  model: TrainableWorldModel,
  prompts: readonly Prompt[],
  depth: number,
  options: BranchOptions,
): Promise<Group[]> {
  const branched = await branchClips(model, prompts, depth, options);
  return branched.map((own, i) => groupOf(model, prompts[i], own));
}

/**
 * A decoded clip as rewards see it.
 * @param frames of the clip, [16, height, width, 3]
 * @param first picture of the video
 * @param four its commands
 * @param past the picture before it, and what was; a video's first clip has none
 */
export function rewardInput(
  frames: Uint8Array,
  first: Uint8Array,
  four: ArrayLike<number>,
  past?: { readonly last: Uint8Array; readonly history: History },
): RewardInput {
  if (!past) return { frames: frames.slice(COPIES * first.length), first, actions: stepActions(Array.from(four)) };
  const { last, history } = past;
  return { frames: joinBytes([last, frames]), first, actions: stepActions([0, ...Array.from(four)]), history };
}
