/** From rollout trees to rewards: decode what is to be judged, score it, average over a branch's own clips. */

import { stepActions } from "../metrics/accuracy.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "../model/legacy/config.ts";
import { fromTokens, joinClips } from "../model/legacy/tokens.ts";
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { checkScores } from "../rewards/check.ts";
import type { JudgedClip, Past, Weighted } from "../rewards/reward.ts";
import { joinBytes, joinFloats } from "../util/arrays.ts";
import { mean } from "../util/statistics.ts";
import { FRAME_BYTES, FRAMES_PER_LATENT } from "../world/index.ts";
import { clipActions, framesOfClips } from "./prompts/index.ts";
import { lastClip, type RolloutTree } from "./tree.ts";

const CLIP_BYTES = CLIP_LATENTS * FRAMES_PER_LATENT * FRAME_BYTES;
/** Of a video's first latent only the last of its four frames counts. */
const REPEATS = (FRAMES_PER_LATENT - 1) * FRAME_BYTES;

/** A tree with the frames of its branches' own clips. */
export interface DecodedTree {
  readonly tree: RolloutTree;
  /** For every branch, for every own clip. */
  readonly clips: JudgedClip[][];
}

/** A tree with its rewards: for every reward a score a branch. */
export interface ScoredTree extends DecodedTree {
  readonly rewards: readonly number[][];
}

/** Decodes many clips at once: [16, 48, 80, 3] bytes each. */
function decodeClips(tokeniser: Tokeniser, clips: readonly Float32Array[]): Uint8Array[] {
  const bytes = tokeniser.decodeGroups(fromTokens(joinFloats(clips)));
  return clips.map((_, i) => bytes.subarray(i * CLIP_BYTES, (i + 1) * CLIP_BYTES));
}

/** The last frame before clip `root` and the video's first frame, from the shared clips. */
function sharedFrames(tokeniser: Tokeniser, { start, root, branches }: RolloutTree) {
  const latents = [start.latent];
  if (root > 0) latents.push(branches[0].clips[root - 1].slice(CLIP_SIZE - CLIP_SIZE / CLIP_LATENTS));
  const bytes = tokeniser.decodeGroups(fromTokens(joinFloats(latents)));
  const lastOf = (i: number): Uint8Array =>
    bytes.slice(i * FRAMES_PER_LATENT * FRAME_BYTES + REPEATS, (i + 1) * FRAMES_PER_LATENT * FRAME_BYTES);
  return { first: lastOf(0), before: lastOf(latents.length - 1) };
}

/** Calls a function once, when its value is first asked for. */
function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    if (made.length === 0) made.push(make());
    return made[0];
  };
}

/** The frames that all branches share, none where they share none. */
const prefixOf = (tokeniser: Tokeniser, { root, branches }: RolloutTree): (() => Uint8Array) =>
  once(() => (root === 0 ? new Uint8Array() : tokeniser.decode(joinClips(branches[0].clips.slice(0, root)))));

/** What came before clip `n` of a branch, of whose own clips `own` are finished. */
function pastOf({ prompt, root }: RolloutTree, n: number, prefix: () => Uint8Array, own: readonly Uint8Array[]): Past {
  const [poses, ahead] = [
    prompt.poses.slice(0, framesOfClips(n)),
    prompt.poses.slice(framesOfClips(n), framesOfClips(n + 1)),
  ];
  if (own.length === 0) return { poses, ahead, frames: prefix };
  const finished = own.map((bytes, i) => (root + i === 0 ? bytes.subarray(REPEATS) : bytes));
  return { poses, ahead, frames: once(() => joinBytes([prefix(), ...finished])) };
}

/** What a tree's branches share. */
interface Shared {
  first: Uint8Array;
  before: Uint8Array;
  prefix: () => Uint8Array;
}

/** One branch's own clips with what was before each. */
function judgedClips(tree: RolloutTree, own: readonly Uint8Array[], { first, before, prefix }: Shared) {
  return own.map((bytes, i): JudgedClip => {
    const n = tree.root + i;
    const context = i === 0 ? before : own[i - 1].subarray(CLIP_BYTES - FRAME_BYTES);
    const four = clipActions(tree.prompt.actions, n);
    if (n === 0) return { frames: bytes.slice(REPEATS), first, actions: stepActions(four) };
    const past = pastOf(tree, n, prefix, own.slice(0, i));
    return { frames: joinBytes([context, bytes]), first, actions: stepActions([0, ...four]), past };
  });
}

/** Decodes the branches' own clips. */
export function decodeTrees(tokeniser: Tokeniser, trees: readonly RolloutTree[]): DecodedTree[] {
  return trees.map((tree) => {
    const shared = { ...sharedFrames(tokeniser, tree), prefix: prefixOf(tokeniser, tree) };
    const own = tree.branches.map(({ clips }) => clips.slice(tree.root));
    const decoded = decodeClips(tokeniser, own.flat());
    const perBranch = 1 + lastClip(tree) - tree.root;
    const clips = own.map((_, b) => judgedClips(tree, decoded.slice(b * perBranch, (b + 1) * perBranch), shared));
    return { tree, clips };
  });
}

/**
 * Scores every branch by every reward: the mean over the branch's own clips.
 * @throws UserError naming reward, prompt and branch where a score is not a finite number
 */
export function scoreTrees(trees: readonly DecodedTree[], rewards: readonly Weighted[]): ScoredTree[] {
  const owners = trees.flatMap(({ tree, clips }, t) => clips.flatMap((own, b) => own.map(() => ({ tree, t, b }))));
  const where = (clip: number): string => {
    const { tree, t, b } = owners[clip];
    return `prompt ${t} (${tree.prompt.kind}), branch ${b}`;
  };
  const flat = trees.flatMap(({ clips }) => clips.flat());
  const scores = rewards.map(({ reward }) => checkScores(reward.name, reward.score(flat), flat, where));
  let at = 0;
  return trees.map(({ tree, clips }) => {
    const from = at;
    at += clips.flat().length;
    const branchScore = (values: number[], b: number): number => {
      const own = clips[b].length;
      return mean(values.slice(from + b * own, from + (b + 1) * own));
    };
    return { tree, clips, rewards: scores.map((values) => clips.map((_, b) => branchScore(values, b))) };
  });
}
