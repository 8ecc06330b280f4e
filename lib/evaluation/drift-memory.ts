/** Measures drift on combined commands and spatial memory on routes that come back, for models and controls. */
import { appearanceOf, frameOf, framesIn } from "../metrics/appearance.ts";
import { keptShares } from "../metrics/permanence.ts";
import { returnsOf, revisitPsnrs, revisitsOf, revisitTruthPsnrs } from "../metrics/revisit.ts";
import { type Generated, generate, type Prompt } from "../rollout/prompts/index.ts";
import { FRAMES_PER_LATENT } from "../world/index.ts";
import { makeScene } from "../world/plane/index.ts";
import { CONTROLS, controlVideo } from "./controls.ts";
import type { DriftProfile, NamedModel } from "./drift-memory-profile.ts";
import type { Judges } from "./evaluate.ts";
import { type PromptSet, promptSet, routePrompts, widePrompts } from "./memory-prompts.ts";
import { type OwnWay, ownWay } from "./own-way.ts";
import { evaluationPrompts } from "./prompts.ts";
import { SAME_LOOK, sameLook } from "./same-look.ts";
import { scoreVideo, type VideoScore } from "./score.ts";

/** What is measured on: both sets as long as the longest horizon. */
export interface DriftSets {
  combined: PromptSet;
  routes: PromptSet;
}

export function driftSets({ horizons, combined, perRoute, routes }: DriftProfile): DriftSets {
  const clips = Math.max(...horizons);
  return {
    combined: promptSet(evaluationPrompts("combined", combined, clips)),
    routes: promptSet(routes.flatMap((route) => routePrompts(route, perRoute, clips))),
  };
}

export interface DriftScore extends VideoScore {
  /** Appearance of the last frame of every latent. */
  appearance: Float32Array[];
  /** Of a world model, which can say where it went. */
  own?: OwnWay;
}

/** A frame at which the camera is back. */
export interface Visit {
  frame: number;
  /** Against the earlier frame at the pose (needs no truth), and against the true picture; dB. */
  psnr: number;
  truth: number;
}

export interface MemoryScore extends VideoScore {
  visits: Visit[];
  /** Share of the solids that are there again after they had left the view: of each such frame. */
  kept: number[];
}

/** All scores of one model: for every seed those of every video. */
export interface DriftEvaluated {
  model: string;
  evaluator: string;
  drift: DriftScore[][];
  memory: MemoryScore[][];
  seeds: number[];
  /** Videos of the first seed. */
  videos: { combined: Uint8Array[]; routes: Uint8Array[] };
}

export function scoreDrift(video: Uint8Array, truth: Uint8Array, prompt: Prompt, judges: Judges): DriftScore {
  const latents = (framesIn(video) - 1) / FRAMES_PER_LATENT + 1;
  const appearance = Array.from({ length: latents }, (_, t) => appearanceOf(frameOf(video, t * FRAMES_PER_LATENT)));
  return { ...scoreVideo(video, truth, prompt, judges.estimator, judges.preference), appearance };
}

export function scoreMemory(video: Uint8Array, truth: Uint8Array, prompt: Prompt, judges: Judges): MemoryScore {
  const revisits = revisitsOf(prompt.poses);
  const [own, truths] = [revisitPsnrs(video, revisits), revisitTruthPsnrs(video, truth, revisits)];
  const visits = revisits.map(({ frame }, i): Visit => ({ frame, psnr: own[i], truth: truths[i] }));
  // Neighbouring frames say the same of an object: one a latent is enough.
  const returns = returnsOf(prompt.poses, revisits).filter((_, i) => i % FRAMES_PER_LATENT === 0);
  const kept = keptShares(video, makeScene(prompt.sceneSeed), prompt.poses, returns);
  return { ...scoreVideo(video, truth, prompt, judges.estimator), visits, kept };
}

const scoreSet = <T>(
  videos: Uint8Array[],
  { truths, prompts }: PromptSet,
  judges: Judges,
  score: (video: Uint8Array, truth: Uint8Array, prompt: Prompt, judges: Judges) => T,
): T[] => videos.map((video, i) => score(video, truths[i], prompts[i], judges));

/** One world model, once per seed. */
export function evaluateDrift(
  { name, model }: NamedModel,
  sets: DriftSets,
  { horizons, seeds, batch }: DriftProfile,
  judges: Judges,
  onClips?: (clips: number) => void,
): DriftEvaluated {
  const clips = Math.max(...horizons);
  const make = ({ prompts }: PromptSet, seed: number): Generated[] =>
    generate(model, judges.tokeniser, prompts, { seed, clips, batch, onClips });
  const made = seeds.map((seed) => ({ combined: make(sets.combined, seed), routes: make(sets.routes, seed) }));
  return {
    model: name,
    evaluator: judges.evaluator,
    drift: made.map(({ combined }) => scoreGenerated(combined, sets.combined, judges)),
    memory: made.map(({ routes }) => scoreSet(framesOf(routes), sets.routes, judges, scoreMemory)),
    seeds: [...seeds],
    videos: { combined: framesOf(made[0].combined), routes: framesOf(made[0].routes) },
  };
}

const framesOf = (videos: readonly Generated[]): Uint8Array[] => videos.map(({ frames }) => frames);

function scoreGenerated(videos: readonly Generated[], set: PromptSet, judges: Judges): DriftScore[] {
  const scores = scoreSet(framesOf(videos), set, judges, scoreDrift);
  return scores.map((score, i) => ({ ...score, own: ownWay(videos[i], set.prompts[i]) }));
}

/** A control, whose videos need no seed. */
function scoreControl(
  name: string,
  sets: DriftSets,
  judges: Judges,
  videoOf: (prompt: Prompt, truth: Uint8Array) => Uint8Array,
): DriftEvaluated {
  const make = ({ prompts, truths }: PromptSet): Uint8Array[] => prompts.map((prompt, i) => videoOf(prompt, truths[i]));
  const videos = { combined: make(sets.combined), routes: make(sets.routes) };
  return {
    model: name,
    evaluator: judges.evaluator,
    drift: [scoreSet(videos.combined, sets.combined, judges, scoreDrift)],
    memory: [scoreSet(videos.routes, sets.routes, judges, scoreMemory)],
    seeds: [0],
    videos,
  };
}

/** The controls: what the metrics say where the answer is known. */
export const driftControls = (sets: DriftSets, judges: Judges): DriftEvaluated[] =>
  CONTROLS.map((control) =>
    scoreControl(control, sets, judges, (prompt, truth) => controlVideo(control, prompt, truth, judges.tokeniser)),
  );

/** The floor, apart from the controls: nothing that needs no truth can tell it from a true video. */
export const driftFloor = (sets: DriftSets, judges: Judges): DriftEvaluated =>
  scoreControl(SAME_LOOK, sets, judges, sameLook);

/** Clips that `evaluateDrift` makes for one model. */
export const driftClips = ({ horizons, combined, perRoute, routes, seeds }: DriftProfile): number =>
  (combined + perRoute * routes.length) * Math.max(...horizons) * seeds.length;

/** The sets of commands outside of the training distribution. */
export const wideSet = (kind: Parameters<typeof widePrompts>[0], { wide, wideClips }: DriftProfile): PromptSet =>
  promptSet(widePrompts(kind, wide, wideClips));
