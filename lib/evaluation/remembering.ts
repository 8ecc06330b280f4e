/**
 * What a memory reward has to choose between: candidates that differ by their noise alone, as in post-training, and
 * candidates of which half are shown what the context remembers and half the last picture alone.
 */
import { CLIP_LATENTS, CLIP_SIZE } from "../model/legacy/config.ts";
import { MEMORY_DEFAULTS } from "../model/legacy/memory.ts";
import { loadWorldModel } from "../model/legacy/publish.ts";
import { joinClips } from "../model/legacy/tokens.ts";
import type { Rollout, WorldModel } from "../model/legacy/worldModel.ts";
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { type JudgedClip, revisitReward } from "../rewards/index.ts";
import { clipActions, framesOfClips, type Prompt, type Route, routePrompt, startOf } from "../rollout/prompts/index.ts";
import { UserError } from "../util/errors.ts";
import { Rng } from "../util/rng.ts";
import { deviation, mean } from "../util/statistics.ts";
import { FRAME_BYTES, sceneSeed } from "../world/index.ts";

export interface RememberingRow {
  /** The clip that the candidates are of, counted from 1. */
  clip: number;
  /** Mean memory reward of those that are shown what the context remembers, and of those shown the last picture alone. */
  remembering: number;
  forgetting: number;
  /** Standard deviation of the reward within groups: noise alone, and half of a group forgetting. */
  noiseSpread: number;
  mixedSpread: number;
  /** Groups: prompts in which the clip revisits anything. */
  prompts: number;
}

export interface RememberingOptions {
  /** Clips to look at, each the last of its prompts, counted from 1; from 3 on, since a route comes back. */
  clips: readonly number[];
  /** Prompts of each route. */
  perRoute: number;
  /** Candidates of a group; even. */
  branches: number;
}

/** Those that come back within a few clips. */
const SHORT_ROUTES: readonly Route[] = ["out-and-back", "look-away", "square"];
const SEED = "remembering";

/** In scenes of post-training, whose groups are asked about. */
function promptsOf(clip: number, perRoute: number): Prompt[] {
  const latents = CLIP_LATENTS * clip;
  return SHORT_ROUTES.flatMap((route, r) =>
    Array.from({ length: perRoute }, (_, i) => {
      const place = sceneSeed("rl", (r * perRoute + i) * 100 + clip);
      return routePrompt(route, { sceneSeed: place, latents, rng: Rng.of(SEED, route, clip, i) });
    }),
  );
}

/** The same videos in both rollouts: made by the first, with the ways that it has read from them. */
function growBoth([one, other]: readonly Rollout[], prompts: readonly Prompt[], clips: number): void {
  for (let n = 0; n < clips; n++) {
    const actions = prompts.map((prompt) => clipActions(prompt.actions, n));
    const noises = prompts.map((_, i) => Rng.of(SEED, "video", i, n).normals(CLIP_SIZE));
    one.append(actions, one.propose(actions, noises));
    other.append(
      actions,
      prompts.map((_, i) => one.clips(i)[n]),
      prompts.map((_, i) => one.paths(i)[n]),
    );
  }
}

/** A candidate as rewards are given it. */
function judged(
  tokeniser: Tokeniser,
  { poses }: Prompt,
  before: readonly Float32Array[],
  clip: Float32Array,
): JudgedClip {
  const video = tokeniser.decode(joinClips([...before, clip]));
  const known = framesOfClips(before.length);
  return {
    frames: video.subarray((known - 1) * FRAME_BYTES),
    first: video.subarray(0, FRAME_BYTES),
    // The memory reward does not ask what was commanded.
    actions: new Int32Array(poses.length - known),
    past: {
      poses: poses.slice(0, known),
      ahead: poses.slice(known),
      frames: () => video.subarray(0, known * FRAME_BYTES),
    },
  };
}

/** Rewards of candidates from equal noises: shown what the context remembers, and the last picture alone. */
interface Group {
  remembering: number[];
  forgetting: number[];
}

/** A group of each prompt, all at the same clip. @param models one that remembers, one that does not */
function groupsAt(
  clip: number,
  prompts: readonly Prompt[],
  models: readonly WorldModel[],
  tokeniser: Tokeniser,
  branches: number,
): Group[] {
  const starts = prompts.map((prompt) => startOf(prompt, tokeniser));
  const rollouts = models.map((model) => model.begin(starts));
  growBoth(rollouts, prompts, clip - 1);
  const actions = prompts.map((prompt) => clipActions(prompt.actions, clip - 1));
  const noises = prompts.flatMap((_, i) =>
    Array.from({ length: branches }, (_, b) => Rng.of(SEED, "branch", i, b).normals(CLIP_SIZE)),
  );
  const candidates = rollouts.map((rollout) => rollout.propose(actions, noises));
  const before = prompts.map((_, i) => [...rollouts[0].clips(i)]);
  for (const rollout of rollouts) rollout.dispose();
  const reward = revisitReward();
  const scoresOf = (all: readonly Float32Array[], i: number): number[] =>
    reward.score(
      all.slice(i * branches, (i + 1) * branches).map((own) => judged(tokeniser, prompts[i], before[i], own)),
    );
  return prompts.map((_, i) => ({
    remembering: scoresOf(candidates[0], i),
    forgetting: scoresOf(candidates[1], i),
  }));
}

/** @throws UserError for a clip that nothing can come back in, or an odd group */
export function rememberingRows(
  checkpoint: string,
  tokeniser: Tokeniser,
  { clips, perRoute, branches }: RememberingOptions,
): RememberingRow[] {
  if (clips.some((clip) => !Number.isInteger(clip) || clip < 3))
    throw new UserError(`revisits in the clips ${clips.join(", ")}`, "give whole numbers from 3 on");
  if (!Number.isInteger(branches / 2) || branches < 4)
    throw new UserError(`groups of ${branches}`, "give an even number from 4 on");
  const models = [true, false].map((retrieval) =>
    loadWorldModel(checkpoint, { memory: { ...MEMORY_DEFAULTS, retrieval } }),
  );
  return clips.map((clip) => rowOf(clip, groupsAt(clip, promptsOf(clip, perRoute), models, tokeniser, branches)));
}

/** A reward of 0 throughout is that of a clip which revisits nothing. */
function rowOf(clip: number, groups: readonly Group[]): RememberingRow {
  const counted = groups.filter(({ remembering }) => remembering.some((score) => score !== 0));
  const half = (scores: readonly number[]): number[] => scores.slice(0, scores.length / 2);
  return {
    clip,
    remembering: mean(counted.flatMap(({ remembering }) => remembering)),
    forgetting: mean(counted.flatMap(({ forgetting }) => forgetting)),
    noiseSpread: mean(counted.map(({ remembering }) => deviation(remembering))),
    mixedSpread: mean(
      counted.map(({ remembering, forgetting }) => deviation([...half(remembering), ...half(forgetting)])),
    ),
    prompts: counted.length,
  };
}
