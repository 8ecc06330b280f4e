/**
 * Clip-level rollouts (WorldCompass, arXiv 2602.09022, section 3.1): the beginning of each video is generated once, then a
 * group of candidates for the clip to be trained: n - 1 + G clip generations for clip n, against N * G of whole sequences.
 */
import { stepActions } from "../metrics/accuracy.ts";
import type { Clip, Conditioning, Rollout, TrainableWorldModel } from "../model/worldModel.ts";
import type { JudgedClip, Past } from "../rewards/reward.ts";
import { joinBytes } from "../util/arrays.ts";
import { once } from "../util/once.ts";
import { Rng } from "../util/rng.ts";
import type { Exploration } from "./explore.ts";
import { checkLength, clipActions, type Prompt } from "./prompt.ts";

/** The candidates of one video's next clip. */
export interface Group {
  readonly prompt: Prompt;
  /** Clips before them. */
  readonly depth: number;
  readonly conditioning: Conditioning;
  readonly candidates: readonly Clip[];
  /** The candidates as rewards see them. */
  readonly judged: readonly JudgedClip[];
}

export interface GroupOptions {
  /** Candidates of each prompt, G. */
  readonly branches: number;
  readonly explore: Exploration;
  /** Names the random stream, for example [seed, iteration]. */
  readonly key: readonly (string | number)[];
}

/** Frames of a latent but the last: of a video's first latent they are copies. */
const COPIES = 3;

/**
 * Branches at clip `depth` of every prompt.
 * @param model the policy that acts
 * @param depth 0 for the video's first clip
 */
export async function rollOutGroups(
  model: TrainableWorldModel,
  prompts: readonly Prompt[],
  depth: number,
  { branches, explore, key }: GroupOptions,
): Promise<Group[]> {
  checkLength(prompts, depth + 1);
  const rollout = await model.reset(prompts.map(({ start }) => start));
  try {
    return await branch(model, rollout, prompts, depth, { branches, explore, key });
  } finally {
    rollout.dispose();
  }
}

async function branch(
  model: TrainableWorldModel,
  rollout: Rollout,
  prompts: readonly Prompt[],
  depth: number,
  { branches, explore, key }: GroupOptions,
): Promise<Group[]> {
  const actionsAt = (n: number): Uint8Array[] => prompts.map((prompt) => clipActions(prompt, n));
  for (let n = 0; n < depth; n++)
    await rollout.step(
      actionsAt(n),
      prompts.map((_, i) => Rng.of(...key, "prefix", i, n)),
    );
  const actions = actionsAt(depth);
  const conditions = model.conditions(rollout, actions);
  const candidates = await rollout.sample(
    actions,
    actions.map((four, i) => explore(four, branches, [...key, i])),
  );
  const prefixes = prompts.map((_, i) => once(() => (depth === 0 ? new Uint8Array() : rollout.frames(i))));
  const lastFrames = prompts.map((prompt, i) => lastFrame(model, prompt, rollout.clips(i)));
  const decoded = model.decode(candidates.flat());
  return prompts.map((prompt, i) => {
    const own = decoded.slice(i * branches, (i + 1) * branches);
    const past = { depth, before: lastFrames[i], frames: prefixes[i] };
    return {
      prompt,
      depth,
      conditioning: conditions[i],
      candidates: candidates[i],
      judged: own.map((frames) => judgedClip(prompt, frames, past)),
    };
  });
}

/** The picture before a clip: the last one of the video so far, or the given one. */
function lastFrame(model: TrainableWorldModel, { start }: Prompt, clips: readonly Clip[]): Uint8Array {
  if (clips.length === 0) return start.frame;
  const [frames] = model.decode(clips.slice(-1));
  return frames.subarray(frames.length - start.frame.length);
}

interface Before {
  depth: number;
  before: Uint8Array;
  frames: () => Uint8Array;
}

function judgedClip(prompt: Prompt, frames: Uint8Array, { depth, before, frames: prefix }: Before): JudgedClip {
  const first = prompt.start.frame;
  const four = clipActions(prompt, depth);
  if (depth === 0) return { frames: frames.slice(COPIES * first.length), first, actions: stepActions(four) };
  const framesBefore = 16 * depth - COPIES;
  const past: Past = {
    poses: prompt.poses.slice(0, framesBefore),
    ahead: prompt.poses.slice(framesBefore, framesBefore + 16),
    frames: prefix,
  };
  return { frames: joinBytes([before, frames]), first, actions: stepActions([0, ...four]), past };
}
