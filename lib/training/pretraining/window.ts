/**
 * One training window: four target clips and up to six context clips. Either the start of a trajectory, or a run of
 * five clips further on with the first clip and a retrieved one as memory.
 */

import { addNoise, type HostClip } from "../../model/legacy/batch.ts";
import { clipCondition, type LatentPath } from "../../model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, CONTEXT_SIGMA, NO_ACTION, RECENT_CLIPS } from "../../model/legacy/config.ts";
import { type Look, looksAt, type Remembered, recall, rememberable, retrieve } from "../../model/legacy/memory.ts";
import { possiblePaths } from "../../model/legacy/motions.ts";
import type { Rng } from "../../util/rng.ts";
import type { Corpus } from "./corpus.ts";
import type { Remade } from "./remade.ts";

export interface NoiseConfig {
  /** Shift of the training noise levels towards high noise: s u / (1 + (s - 1) u), u logit-normal. */
  shift: number;
  /** Share of target clips whose level is not shifted: fine detail is learnt at low noise. */
  unshiftedShare: number;
  /** Share of context clips that are blurred by noise they do not admit, so that the model forgives its own errors. */
  contextNoiseShare: number;
  /** Largest such noise level. */
  contextNoiseMax: number;
  /** Share of target clips whose action is hidden (for guidance). */
  dropAction: number;
  /** Share of windows whose context the model has made itself, once there are such. */
  remadeShare: number;
}

export const NOISE_DEFAULTS: NoiseConfig = {
  shift: 5,
  unshiftedShare: 0.4,
  contextNoiseShare: 0.5,
  contextNoiseMax: 0.2,
  dropAction: 0.1,
  remadeShare: 0.5,
};

export const CONTEXT_SLOTS = 6;
export const TARGET_SLOTS = 4;

/** A clip's place in the window: its number in the trajectory (-1: unused) and the time of its first latent. */
interface Place {
  clip: number;
  time: number;
  /** Memory is seen by every target; a recent clip by the three that follow it. */
  memory: boolean;
}

export interface Window {
  context: HostClip[];
  targets: HostClip[];
  /** What the velocity of each target should be, eps - x0. [4][60 * 128] */
  velocities: Float32Array[];
  /** 1 where a target sees a context clip. [4][6] */
  mask: number[][];
  /** 1 for the latents that count in the loss. [4][4] */
  weights: number[][];
}

const MEMORY_CLIPS = 2;
const SHARE_OF_STARTS = 0.35;

function drawPlaces(corpus: Corpus, trajectory: number, rng: Rng): { context: Place[]; targets: Place[] } {
  const atStart = rng.uniform() < SHARE_OF_STARTS || corpus.clips < TARGET_SLOTS + MEMORY_CLIPS;
  const first = atStart ? 0 : 1 + rng.int(corpus.clips - TARGET_SLOTS - 1);
  const shift = atStart ? 0 : MEMORY_CLIPS;
  const place = (clip: number): Place => ({ clip, time: CLIP_LATENTS * (clip - first + shift), memory: false });
  const run = Array.from({ length: TARGET_SLOTS + 1 }, (_, i) => place(first + i));
  const targets = atStart ? run.slice(0, TARGET_SLOTS) : run.slice(1);
  const memory = [-1, -1];
  if (!atStart) {
    memory[0] = 0;
    memory[1] = older(corpus.paths(trajectory), first, targets[1].clip);
  }
  const remembered = memory.map((clip, i) => ({ clip, time: CLIP_LATENTS * i, memory: true }));
  return { context: [...remembered, ...run.slice(0, TARGET_SLOTS)], targets };
}

/** The clip to remember: of those between the first and the run the one that shares most of `target`'s view. */
function older(paths: LatentPath[], first: number, target: number): number {
  const perClip = (clip: number): LatentPath[] => paths.slice(clip * CLIP_LATENTS, (clip + 1) * CLIP_LATENTS);
  const candidates = Array.from({ length: Math.max(0, first - 1) }, (_, i) => i + 1);
  const clips = Array.from({ length: target + 1 }, (_, clip) => perClip(clip));
  return retrieve(clips[target], clips, candidates) ?? -1;
}

/** Logit-normal noise level, shifted. */
export function drawSigma(rng: Rng, shift: number): number {
  const u = 1 / (1 + Math.exp(-rng.normal()));
  return (shift * u) / (1 + (shift - 1) * u);
}

/** A context clip as the network is given it, and its latents without noise, from which pictures are carried along. */
interface Shown extends HostClip {
  clean: Float32Array;
}

function contextClip(
  corpus: Corpus,
  trajectory: number,
  { clip, time }: Place,
  noise: NoiseConfig,
  rng: Rng,
  remade?: Remade,
): Shown {
  const at = Math.max(clip, 0);
  const path = corpus.paths(trajectory).slice(at * CLIP_LATENTS, (at + 1) * CLIP_LATENTS);
  const actions = corpus.commanded(trajectory).subarray(at * CLIP_LATENTS, (at + 1) * CLIP_LATENTS);
  const hidden = rng.uniform() < noise.contextNoiseShare ? rng.uniform(0, noise.contextNoiseMax) : CONTEXT_SIGMA;
  const sigma = new Float32Array(CLIP_LATENTS).fill(CONTEXT_SIGMA);
  // A copy: pictures are kept as long as the buffer that holds their latents.
  const clean = (remade?.get(trajectory)?.[at] ?? corpus.tokens(trajectory, at)).slice();
  const tokens = addNoise(
    clean,
    rng.normals(CLIP_SIZE),
    sigma.map(() => hidden),
  );
  return { tokens, clean, sigma, condition: clipCondition(path, actions, time) };
}

function targetClip(corpus: Corpus, trajectory: number, { clip, time }: Place, noise: NoiseConfig, rng: Rng) {
  const commanded = corpus.commanded(trajectory).subarray(clip * CLIP_LATENTS, (clip + 1) * CLIP_LATENTS);
  const start = corpus.paths(trajectory)[clip * CLIP_LATENTS].start;
  const dropped = rng.uniform() < noise.dropAction;
  const possible = possiblePaths(start, dropped ? [0, 0, 0, 0] : commanded, clip === 0);
  const actions = dropped ? new Array<number>(CLIP_LATENTS).fill(NO_ACTION) : commanded;
  const shift = rng.uniform() < noise.unshiftedShare ? 1 : noise.shift;
  const sigma = new Float32Array(CLIP_LATENTS).fill(drawSigma(rng, shift));
  if (clip === 0) sigma[0] = CONTEXT_SIGMA;
  const x0 = corpus.tokens(trajectory, clip);
  const eps = rng.normals(CLIP_SIZE);
  const condition = clipCondition(possible[0], actions, time, possible);
  const target: HostClip = { tokens: addNoise(x0, eps, sigma), sigma, condition };
  return { target, velocity: eps.map((e, i) => e - x0[i]), weight: [clip === 0 ? 0 : 1, 1, 1, 1] };
}

const sees = (target: Place, { clip, memory }: Place): boolean =>
  clip >= 0 && (memory || (clip < target.clip && clip >= target.clip - RECENT_CLIPS));

const LAST_LATENT = CLIP_SIZE - CLIP_SIZE / CLIP_LATENTS;

/** The picture before a target: the end of the clip before it, as the context shows it, or the given first latent. */
function pictureBefore(
  target: Place,
  own: HostClip,
  context: readonly Place[],
  made: readonly HostClip[],
): Float32Array {
  if (target.clip === 0) return own.tokens.subarray(0, CLIP_SIZE / CLIP_LATENTS);
  const at = context.findIndex(({ clip, memory }) => !memory && clip === target.clip - 1);
  return made[at].tokens.subarray(LAST_LATENT);
}

/** The picture that a target remembers in detail, as the context shows it. */
function rememberedBy(
  target: Place,
  { condition: { cameras } }: HostClip,
  context: readonly Place[],
  made: readonly HostClip[],
  paths: LatentPath[],
): Remembered | undefined {
  const slots = context.filter((place) => sees(target, place));
  const perClip = (clip: number): LatentPath[] => paths.slice(clip * CLIP_LATENTS, (clip + 1) * CLIP_LATENTS);
  const clips = Array.from({ length: target.clip }, (_, clip) => perClip(clip));
  const tokens = (clip: number): Float32Array => made[context.findIndex((place) => place.clip === clip)].tokens;
  return recall(cameras[CLIP_LATENTS], rememberable({ slots }, clips, tokens));
}

/**
 * The pictures that are carried along to a target, without the context's noise: a picture of noisy latents is unlike any that
 * a rollout shows.
 */
function looksOf(
  target: Place,
  { tokens, condition: { cameras, path } }: HostClip,
  context: readonly Place[],
  made: readonly Shown[],
  paths: LatentPath[],
): Look[] {
  if (target.clip === 0) return [{ tokens: tokens.subarray(0, CLIP_SIZE / CLIP_LATENTS), pose: path[0].start }];
  const slots = context.filter((place) => sees(target, place));
  const perClip = (clip: number): LatentPath[] => paths.slice(clip * CLIP_LATENTS, (clip + 1) * CLIP_LATENTS);
  const clips = Array.from({ length: target.clip }, (_, clip) => perClip(clip));
  const shown = (clip: number): Float32Array => made[context.findIndex((place) => place.clip === clip)].clean;
  return looksAt({ slots }, clips, shown, cameras[CLIP_LATENTS]);
}

/**
 * Draws a window; everything random comes from `rng`.
 * @param remade trajectories as the model makes them
 */
export function drawWindow(corpus: Corpus, noise: NoiseConfig, rng: Rng, remade?: Remade): Window {
  const own = remade && rng.uniform() < noise.remadeShare ? remade : undefined;
  const trajectory = own ? rng.pick([...own.keys()]) : rng.int(corpus.trajectories);
  const { context, targets } = drawPlaces(corpus, trajectory, rng);
  const made = targets.map((place) => targetClip(corpus, trajectory, place, noise, rng));
  const shown = context.map((place) => contextClip(corpus, trajectory, place, noise, rng, own));
  const paths = corpus.paths(trajectory);
  return {
    context: shown.map(({ clean, ...clip }) => clip),
    targets: made.map(({ target }, i) => ({
      ...target,
      previous: pictureBefore(targets[i], target, context, shown),
      remembered: rememberedBy(targets[i], target, context, shown, paths),
      looks: looksOf(targets[i], target, context, shown, paths),
    })),
    velocities: made.map(({ velocity }) => velocity),
    mask: targets.map((target) => context.map((place) => (sees(target, place) ? 1 : 0))),
    weights: made.map(({ weight }) => weight),
  };
}
