/** What the estimators make of scenes that neither was trained on: true renders, reconstructions, and a frozen video. */

import { type Accuracy, accuracyByAction, accuracyOf, stepActions } from "../../metrics/accuracy.ts";
import { psnr } from "../../metrics/image.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { Rng } from "../../util/rng.ts";
import type { Dataset } from "../../world/data/index.ts";
import {
  FRAME_BYTES,
  isBasic,
  isCombined,
  PRIMITIVES,
  ROTATIONS,
  rotationOf,
  TRANSLATIONS,
  translationOf,
} from "../../world/index.ts";
import { type Estimator, estimateSteps } from "./estimator.ts";
import { groupsOfVideo } from "./groups.ts";

/** What an estimator is shown. */
export const PICTURES = ["true-render", "reconstruction", "noisy-latents", "frozen"] as const;
export type Pictures = (typeof PICTURES)[number];

/** Standard deviation of the noise of `noisy-latents`. */
export const TEST_LATENT_NOISE = 0.15;

/** Which commanded frame steps count: all, those of the paper's 32 primitives, and the primitives along one or more axes. */
export const ACTION_SETS = {
  every: () => true,
  primitives: (action: number) => PRIMITIVES.includes(action),
  basic: (action: number) => isBasic(action),
  combined: (action: number) => PRIMITIVES.includes(action) && isCombined(action),
} as const;
export type ActionSet = keyof typeof ACTION_SETS;

/** The frame steps of one set of videos, as commanded and as each estimator reads them. */
export interface Reading {
  readonly pictures: Pictures;
  readonly commanded: Int32Array;
  /** The video in which each step lies. */
  readonly video: Int32Array;
  /** By estimator. */
  readonly estimated: Readonly<Record<string, Int32Array>>;
  /** dB, mean over videos; infinite for the truth itself. */
  readonly psnr: number;
}

export interface AccuracyRow extends Accuracy {
  readonly estimator: string;
  readonly pictures: Pictures;
  readonly actions: ActionSet;
  /** Standard deviation over videos of the exact accuracy. */
  readonly exactSd: number;
  readonly videos: number;
}

export interface HeldOut {
  readonly data: Dataset;
  /** Trajectories from this one on. */
  readonly first: number;
}

/** Shows every held-out video, in each kind of picture, to every estimator. */
export function readHeldOut(
  heldOut: readonly HeldOut[],
  estimators: readonly Estimator[],
  tokeniser: Tokeniser,
): Reading[] {
  const videos = heldOut.flatMap(({ data, first }) =>
    Array.from({ length: data.trajectories - first }, (_, i) => data.read(first + i)),
  );
  const lengths = videos.map(({ executed }) => stepActions(executed));
  const commanded = join(lengths);
  const video = join(lengths.map((steps, i) => steps.map(() => i)));
  return PICTURES.map((pictures) => {
    const shown = videos.map(({ frames }, i) => show(pictures, frames, tokeniser, i));
    const quality = shown.reduce((sum, frames, i) => sum + psnr(videos[i].frames, frames), 0) / shown.length;
    const readBy = (estimator: Estimator) =>
      join(shown.map((frames) => estimateSteps(estimator, groupsOfVideo(frames)).labels));
    const estimated = Object.fromEntries(estimators.map((estimator) => [estimator.kind, readBy(estimator)]));
    return { pictures, commanded, video, estimated, psnr: quality };
  });
}

/** Video `index` as the given kind of picture. */
function show(pictures: Pictures, frames: Uint8Array, tokeniser: Tokeniser, index: number): Uint8Array {
  if (pictures === "true-render") return frames;
  if (pictures === "frozen") return frames.map((_, i) => frames[i % FRAME_BYTES]);
  const latents = tokeniser.encode(frames);
  if (pictures === "reconstruction") return tokeniser.decode(latents);
  const rng = Rng.of(0, "test latent noise", index);
  return tokeniser.decode(latents.map((v) => v + TEST_LATENT_NOISE * rng.normal()));
}

const join = (parts: Int32Array[]): Int32Array => Int32Array.from(parts.flatMap((part) => [...part]));

/** Accuracy of every estimator, on every kind of picture, over every set of actions. */
export function accuracyRows(readings: readonly Reading[]): AccuracyRow[] {
  return readings.flatMap(({ pictures, commanded, video, estimated }) =>
    Object.entries(estimated).flatMap(([estimator, labels]) =>
      (Object.keys(ACTION_SETS) as ActionSet[]).map((actions) => {
        const steps = [...commanded.keys()].filter((i) => ACTION_SETS[actions](commanded[i]));
        const spread = spreadOverVideos(steps, labels, commanded, video);
        return { estimator, pictures, actions, ...of(steps, labels, commanded), ...spread };
      }),
    ),
  );
}

const of = (steps: number[], labels: Int32Array, commanded: Int32Array): Accuracy =>
  accuracyOf(
    steps.map((i) => labels[i]),
    steps.map((i) => commanded[i]),
  );

function spreadOverVideos(steps: number[], labels: Int32Array, commanded: Int32Array, video: Int32Array) {
  const byVideo = new Map<number, number[]>();
  for (const i of steps) byVideo.set(video[i], [...(byVideo.get(video[i]) ?? []), i]);
  const each = [...byVideo.values()].map((own) => of(own, labels, commanded).exact);
  const mean = each.reduce((a, b) => a + b, 0) / each.length;
  const variance = each.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, each.length - 1);
  return { exactSd: Math.sqrt(variance), videos: each.length };
}

/** Keys of an action, for people: "w+upleft". */
export function actionName(action: number): string {
  const [t, r] = [translationOf(action), rotationOf(action)];
  if (r === 0) return TRANSLATIONS[t];
  return t === 0 ? ROTATIONS[r] : `${TRANSLATIONS[t]}+${ROTATIONS[r]}`;
}

/** Exact accuracy of every commanded action, for every kind of picture and estimator. */
export function actionRows(readings: readonly Reading[]) {
  return readings.flatMap(({ pictures, commanded, estimated }) =>
    Object.entries(estimated).flatMap(([estimator, labels]) =>
      [...accuracyByAction(labels, commanded)].map(([action, accuracy]) => {
        return { estimator, pictures, action: actionName(action), ...accuracy };
      }),
    ),
  );
}

/** How often two estimators say the same, right or wrong, on each kind of picture. */
export function agreementRows(readings: readonly Reading[]) {
  return readings.map(({ pictures, estimated }) => {
    const [one, other] = Object.values(estimated);
    return { pictures, ...accuracyOf(one, other) };
  });
}
