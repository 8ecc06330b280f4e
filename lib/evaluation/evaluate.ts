/** Evaluates controls and world models on the prompts of a profile. */

import type { WorldModel } from "../model/legacy/worldModel.ts";
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import type { Estimator } from "../rewards/estimator/index.ts";
import type { Preference } from "../rewards/preference/index.ts";
import { ACTION_KINDS, type ActionKind, generate, type Prompt, trueVideo } from "../rollout/prompts/index.ts";
import { CONTROLS, type Control, controlVideo } from "./controls.ts";
import { commandedEnds, keptPerClip } from "./objects.ts";
import type { Profile } from "./profile.ts";
import { evaluationPrompts } from "./prompts.ts";
import { scoreVideo, type VideoScore } from "./score.ts";
import { type Row, type RowSource, rowOf } from "./table.ts";

/** Prompts of one kind with their true pictures. */
export interface EvaluationSet {
  kind: ActionKind;
  prompts: Prompt[];
  /** [F, 48, 80, 3] each. */
  truths: Uint8Array[];
}

export function evaluationSet(kind: ActionKind, { trajectories, horizons }: Profile): EvaluationSet {
  const prompts = evaluationPrompts(kind, trajectories, Math.max(...horizons));
  return { kind, prompts, truths: prompts.map(trueVideo) };
}

export const evaluationSets = (profile: Profile): EvaluationSet[] =>
  ACTION_KINDS.map((kind) => evaluationSet(kind, profile));

/** Scores, and the videos themselves for showing. */
export interface Evaluated extends RowSource {
  /** Videos of the first seed. */
  videos: Uint8Array[];
  /** What `keptPerClip` says of every video of every seed; of controls, as if they went where they are told. */
  kept: number[][];
}

const scoreAll = (
  videos: readonly Uint8Array[],
  { truths, prompts }: EvaluationSet,
  { estimator, preference }: Judges,
): VideoScore[] => videos.map((video, i) => scoreVideo(video, truths[i], prompts[i], estimator, preference));

export interface Judges {
  tokeniser: Tokeniser;
  estimator: Estimator;
  /** Name of the estimator in tables. */
  evaluator: string;
  /** For the visual score; without it the column stays empty. */
  preference?: Preference;
}

/** All controls on one set; they need no seed. */
export function evaluateControls(set: EvaluationSet, judges: Judges): Evaluated[] {
  const { tokeniser, evaluator } = judges;
  return CONTROLS.map((model: Control) => {
    const videos = set.prompts.map((prompt, i) => controlVideo(model, prompt, set.truths[i], tokeniser));
    const bySeed = new Map([[0, scoreAll(videos, set, judges)]]);
    const kept = set.prompts.map((prompt, i) =>
      keptPerClip({ frames: videos[i], ends: commandedEnds(prompt) }, prompt),
    );
    return { model, actions: set.kind, evaluator, bySeed, videos, kept };
  });
}

/** A world model on one set, once per seed. */
export function evaluateModel(
  name: string,
  model: WorldModel,
  set: EvaluationSet,
  profile: Profile,
  judges: Judges,
  onClips?: (clips: number) => void,
): Evaluated {
  const { tokeniser, evaluator } = judges;
  const bySeed = new Map<number, VideoScore[]>();
  const kept: number[][] = [];
  let shown: Uint8Array[] = [];
  for (const seed of profile.seeds) {
    const clips = Math.max(...profile.horizons);
    const made = generate(model, tokeniser, set.prompts, { seed, clips, batch: profile.batch, onClips });
    const videos = made.map(({ frames }) => frames);
    bySeed.set(seed, scoreAll(videos, set, judges));
    kept.push(...made.map((video, i) => keptPerClip(video, set.prompts[i])));
    if (seed === profile.seeds[0]) shown = videos;
  }
  return { model: name, actions: set.kind, evaluator, bySeed, videos: shown, kept };
}

/** Clips that `evaluateModel` makes on all sets, for a progress bar. */
export const clipsToMake = ({ trajectories, horizons, seeds }: Profile): number =>
  ACTION_KINDS.length * trajectories * Math.max(...horizons) * seeds.length;

/** The rows of the main table at every horizon of the profile. */
export const rowsOf = (evaluated: readonly Evaluated[], { horizons }: Profile): Row[] =>
  evaluated.flatMap((source) => horizons.map((clips) => rowOf(source, clips)));
