/** Targets of training windows that see of their video what they would see in a rollout. */
import { CLIP_LATENTS, CLIP_SIZE } from "../../lib/model/legacy/config.ts";
import { contextOf, MEMORY_DEFAULTS } from "../../lib/model/legacy/memory.ts";
import type { Start } from "../../lib/model/legacy/worldModel.ts";
import { type Situation, situationOf } from "../../lib/rollout/situation.ts";
import type { Corpus } from "../../lib/training/pretraining/corpus.ts";
import { drawWindow, NOISE_DEFAULTS, type Window } from "../../lib/training/pretraining/window.ts";
import { Rng } from "../../lib/util/rng.ts";
import { randomVideo } from "../model/legacy/small.ts";

export const LATENT = CLIP_SIZE / CLIP_LATENTS;
const WINDOWS = 40;

/** A corpus of this one video, whose camera goes as commanded. */
export const video = randomVideo(9, "remembered");
const corpus: Corpus = {
  trajectories: 1,
  clips: video.tokens.length,
  tokens: (_, clip) => video.tokens[clip],
  commanded: () => Uint8Array.from(video.actions.flat()),
  paths: () => video.paths.flat(),
};

/** The clip that these tokens show, with little noise. */
const clipShown = (tokens: Float32Array): number =>
  video.tokens.findIndex((own) => own.subarray(0, 50).every((x, i) => Math.abs(x - tokens[i]) < 0.3));

/** Target `t` of a window is the video's clip `n`. */
export interface Case {
  window: Window;
  t: number;
  n: number;
  /** The clips before it, as the window shows them; those it does not show as they are. */
  clips: Float32Array[];
  start: Start;
}

function caseOf(window: Window, t: number): Case {
  const { tokens, sigma } = window.targets[t];
  const level = sigma[CLIP_LATENTS - 1];
  const clean = tokens.map((x, i) => x - (i < LATENT ? sigma[0] : level) * window.velocities[t][i]);
  const n = clipShown(clean);
  const clips = video.tokens.slice(0, n);
  for (const { tokens: shown } of seenIn(window, t)) clips[clipShown(shown)] = shown;
  const latent = (n === 0 ? tokens : video.tokens[0]).slice(0, LATENT);
  return {
    window: n === 0 ? window : noisyLooks(window, t, clips),
    t,
    n,
    clips,
    start: { latent, pose: video.paths[0][0].start },
  };
}

/** The window with target `t` shown pictures of these clips: it has them without their noise, a rollout has the one kind only. */
function noisyLooks(window: Window, t: number, clips: readonly Float32Array[]): Window {
  const looks = window.targets[t].looks?.map((look) => {
    const at = (own: Float32Array): number =>
      own.findIndex((_, i) => i % LATENT === 0 && startsWith(own, i, look.tokens));
    const clip = video.tokens.findIndex((own) => at(own) >= 0);
    const first = at(video.tokens[clip]);
    return { ...look, tokens: clips[clip].subarray(first, first + LATENT) };
  });
  return { ...window, targets: window.targets.map((target, i) => (i === t ? { ...target, looks } : target)) };
}

const startsWith = (all: Float32Array, first: number, part: Float32Array): boolean =>
  part.every((x, i) => x === all[first + i]);

const seenIn = ({ context, mask }: Window, t: number) => context.filter((_, slot) => mask[t][slot] === 1);

/** A target near a window's edge sees less than in a rollout, or the same at other times. */
function seesAsRolloutsDo({ window, t, n }: Case): boolean {
  const { slots } = contextOf(n, video.paths.slice(0, n + 1), MEMORY_DEFAULTS);
  const seen = seenIn(window, t).map(({ tokens, condition }) => ({ clip: clipShown(tokens), time: condition.time }));
  return JSON.stringify(seen) === JSON.stringify(slots);
}

/** @param dropAction share of the targets whose action is hidden */
export function casesOf(dropAction = 0): Case[] {
  const noise = { ...NOISE_DEFAULTS, contextNoiseShare: 0, dropAction };
  const windows = Array.from({ length: WINDOWS }, (_, i) => drawWindow(corpus, noise, Rng.of("remembered", i)));
  return windows.flatMap((window) => [0, 1, 2, 3].map((t) => caseOf(window, t))).filter(seesAsRolloutsDo);
}

/** The same as post-training sees it. */
export const situationIn = ({ start, n, clips }: Case): Situation =>
  situationOf(start, video.actions.slice(0, n + 1), clips, video.paths);
