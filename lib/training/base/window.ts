/**
 * One training window: four target clips and up to six context clips. Either the start of a trajectory, or a run of
 * five clips further on with the first clip and a retrieved one as memory.
 */
import { CLIP_LATENTS, NO_ACTION } from "../../model/clip.ts";
import { RECENT_CLIPS, retrieve } from "../../model/context.ts";
import { addNoise, CONTEXT_SIGMAS, type HostClip } from "../../model/dit/batch.ts";
import { CONTEXT_SIGMA, clipSize, latentSize } from "../../model/dit/config.ts";
import { recalledClip } from "../../model/dit/recollection.ts";
import type { Rng } from "../../util/rng.ts";
import type { NoiseConfig } from "./config.ts";
import type { Corpus } from "./corpus.ts";
import type { OwnClips } from "./own-clips.ts";

export const TARGET_SLOTS = 4;
/** Context clips but for what each target recalls: two to remember, and the four that the targets follow. */
export const CONTEXT_SLOTS = 6;
const MEMORY_CLIPS = 2;
const SHARE_OF_STARTS = 0.35;

/** A clip's place in the window: its number in the trajectory (-1: unused) and the time of its first latent. */
interface Place {
  clip: number;
  time: number;
  /** Memory is seen by every target; a recent clip by the three that follow it; what is recalled by its own target. */
  seen: "always" | "next" | "once";
}

export interface Window {
  context: HostClip[];
  targets: HostClip[];
  /** What the velocity of each target should be, eps - x0. */
  velocities: Float32Array[];
  /** 1 where a target sees a context clip. [4][6], or [4][10] where targets recall */
  mask: number[][];
  /** 1 for the latents that count in the loss. [4][4] */
  weights: number[][];
}

interface Places {
  context: Place[];
  targets: Place[];
}

function drawPlaces(corpus: Corpus, trajectory: number, rng: Rng): Places {
  const atStart = rng.uniform() < SHARE_OF_STARTS || corpus.clips < TARGET_SLOTS + MEMORY_CLIPS;
  const first = atStart ? 0 : 1 + rng.int(corpus.clips - TARGET_SLOTS - 1);
  return corpus.recalled ? recallingPlaces(first) : rememberingPlaces(corpus, trajectory, first);
}

/** Targets after one another from clip `first` on, `before` clips after the context's beginning. */
function runFrom(first: number, before: number): Place[] {
  const place = (clip: number): Place => ({ clip, time: CLIP_LATENTS * (clip - first + before), seen: "next" });
  return Array.from({ length: TARGET_SLOTS + 1 }, (_, i) => place(first + i));
}

/** A window that begins at clip `first`; where that is not the first one, the first and an older clip are remembered. */
function rememberingPlaces(corpus: Corpus, trajectory: number, first: number): Places {
  const run = runFrom(first, first === 0 ? 0 : MEMORY_CLIPS);
  const targets = first === 0 ? run.slice(0, TARGET_SLOTS) : run.slice(1);
  const memory = first === 0 ? [-1, -1] : [0, older(corpus, trajectory, first, targets[1].clip)];
  const remembered = memory.map((clip, i): Place => ({ clip, time: CLIP_LATENTS * i, seen: "always" }));
  return { context: [...remembered, ...run.slice(0, TARGET_SLOTS)], targets };
}

/** The same, but every target recalls instead of looking at an older clip. */
function recallingPlaces(first: number): Places {
  const before = first === 0 ? 1 : MEMORY_CLIPS;
  const run = runFrom(first, before);
  const targets = first === 0 ? run.slice(0, TARGET_SLOTS) : run.slice(1);
  const remembered = [first === 0 ? -1 : 0, -1].map((clip): Place => ({ clip, time: 0, seen: "always" }));
  const time = CLIP_LATENTS * (before - 1);
  const recalled = targets.map(({ clip }): Place => ({ clip: clip === 0 ? -1 : clip, time, seen: "once" }));
  return { context: [...remembered, ...run.slice(0, TARGET_SLOTS), ...recalled], targets };
}

/** The clip to remember: of those between the first and the run the one that shares most of `target`'s view. */
function older(corpus: Corpus, trajectory: number, first: number, target: number): number {
  const { camera, step } = corpus.world;
  const paths = corpus.paths(trajectory);
  const candidates = Array.from({ length: Math.max(0, first - 1) }, (_, i) => i + 1);
  return retrieve(paths[target], paths, candidates, camera, step) ?? -1;
}

/** Logit-normal noise level, shifted. */
export function drawSigma(rng: Rng, shift: number): number {
  const u = 1 / (1 + Math.exp(-rng.normal()));
  return (shift * u) / (1 + (shift - 1) * u);
}

/** A context clip as the network is given it. */
function contextClip(
  corpus: Corpus,
  trajectory: number,
  { clip, time, seen }: Place,
  noise: NoiseConfig,
  rng: Rng,
  own?: OwnClips,
): HostClip {
  const at = Math.max(clip, 0);
  const hidden = rng.uniform() < noise.contextNoiseShare ? rng.uniform(0, noise.contextNoiseMax) : CONTEXT_SIGMA;
  const shown = (): Float32Array => own?.get(trajectory)?.clips[at] ?? corpus.latents(trajectory, at);
  const clean = seen === "once" ? recalledAt(corpus, trajectory, at, own) : shown();
  const levels = CONTEXT_SIGMAS.map(() => hidden);
  const latents = addNoise(clean, rng.normals(clean.length), levels);
  const path = corpus.paths(trajectory)[at];
  if (seen === "once") return { ...recalledClip(latents, path[0].start), time };
  return { latents, sigma: CONTEXT_SIGMAS, path, actions: corpus.actions(trajectory, at), time };
}

/** What is recalled before a clip; of a video's first clip, which recalls nothing and is masked, that of the second. */
function recalledAt(corpus: Corpus, trajectory: number, clip: number, own?: OwnClips): Float32Array {
  const at = Math.max(1, clip);
  const made = own?.get(trajectory)?.recalled?.[at];
  return made ?? (corpus.recalled as NonNullable<Corpus["recalled"]>)(trajectory, at);
}

function targetClip(corpus: Corpus, trajectory: number, { clip, time }: Place, noise: NoiseConfig, rng: Rng) {
  const dropped = rng.uniform() < noise.dropAction;
  const own = corpus.paths(trajectory)[clip];
  const { start } = own[0];
  const path = dropped ? own.map(() => ({ start, view: start, end: start })) : own;
  const actions = dropped ? new Array<number>(CLIP_LATENTS).fill(NO_ACTION) : corpus.actions(trajectory, clip);
  const shift = rng.uniform() < noise.unshiftedShare ? 1 : noise.shift;
  const sigma = new Float32Array(CLIP_LATENTS).fill(drawSigma(rng, shift));
  if (clip === 0) sigma[0] = CONTEXT_SIGMA;
  const x0 = corpus.latents(trajectory, clip);
  const eps = rng.normals(x0.length);
  const target: HostClip = { latents: addNoise(x0, eps, sigma), sigma, path, actions, time };
  return { target, velocity: eps.map((e, i) => e - x0[i]), weight: [clip === 0 ? 0 : 1, 1, 1, 1] };
}

function sees(target: Place, { clip, seen }: Place): boolean {
  if (clip < 0 || seen === "always") return clip >= 0;
  if (seen === "once") return clip === target.clip;
  return clip < target.clip && clip >= target.clip - RECENT_CLIPS;
}

/** The picture before a target: the end of the clip before it, as the context shows it, or the given first latent. */
function pictureBefore(
  { latent }: Corpus,
  target: Place,
  own: HostClip,
  context: readonly Place[],
  shown: readonly HostClip[],
): Float32Array {
  if (target.clip === 0) return own.latents.subarray(0, latentSize(latent));
  const at = context.findIndex(({ clip, seen }) => seen === "next" && clip === target.clip - 1);
  return shown[at].latents.subarray(clipSize(latent) - latentSize(latent));
}

/**
 * Draws a window; everything random comes from `rng`.
 * @param own trajectories as the model makes them
 */
export function drawWindow(corpus: Corpus, noise: NoiseConfig, rng: Rng, own?: OwnClips): Window {
  const recycled = own && rng.uniform() < noise.ownShare ? own : undefined;
  const trajectory = recycled ? rng.pick([...recycled.keys()]) : rng.int(corpus.trajectories);
  const { context, targets } = drawPlaces(corpus, trajectory, rng);
  const made = targets.map((place) => targetClip(corpus, trajectory, place, noise, rng));
  const shown = context.map((place) => contextClip(corpus, trajectory, place, noise, rng, recycled));
  return {
    context: shown,
    targets: made.map(({ target }, i) => ({
      ...target,
      previous: pictureBefore(corpus, targets[i], target, context, shown),
    })),
    velocities: made.map(({ velocity }) => velocity),
    mask: targets.map((target) => context.map((place) => (sees(target, place) ? 1 : 0))),
    weights: made.map(({ weight }) => weight),
  };
}
