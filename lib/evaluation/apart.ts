/**
 * Shipped world models evaluated, and videos judged, in processes of their own, as many side by side as the processor has
 * threads for them: generating keeps one core busy, however many there are, since its operations are small and warping is
 * plain TypeScript.
 */

import { loadWorldModel } from "../model/legacy/publish.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { loadEstimator } from "../rewards/estimator/index.ts";
import { loadPreference } from "../rewards/preference/index.ts";
import { ACTION_KINDS, type ActionKind } from "../rollout/prompts/index.ts";
import type { Backend } from "../runtime/backend/backend.ts";
import { inProcesses } from "../util/child.ts";
import { type Evaluated, type EvaluationSet, evaluateModel, evaluationSet, type Judges } from "./evaluate.ts";
import type { Profile } from "./profile.ts";
import { type TruthRow, truthRow } from "./under-truth.ts";

/** One model on the prompts of one kind, under one seed. */
export interface ApartJob {
  /** Folder of the weights within `checkpoints`. */
  name: string;
  kind: ActionKind;
  /** Of this seed alone. */
  profile: Profile;
  backend: Backend["name"];
}

/** What a process answers: that clips are made, and at its end the scores. */
export type ApartAnswer = { clips: number } | { evaluated: Evaluated };

export interface ApartOptions {
  /** The open one: a process for each of its threads; with one thread, or a GPU, this one process does it all. */
  backend: Pick<Backend, "name" | "device" | "threads">;
  /** Called with the number of clips made. */
  onClips?: (clips: number) => void;
}

/** @returns for each model the basic and the combined prompts, in the order of `names`; the same numbers as `evaluateModel` */
export async function evaluateApart(
  names: readonly string[],
  profile: Profile,
  { backend, onClips }: ApartOptions,
): Promise<Evaluated[]> {
  const { name: backendName, device, threads } = backend;
  const sources = names.flatMap((name) => ACTION_KINDS.map((kind) => ({ name, kind })));
  // The kinds by turns, so that of two processes each mostly stays with one and its true videos.
  const jobs = profile.seeds.flatMap((seed) =>
    sources.map((source): ApartJob => ({ ...source, profile: { ...profile, seeds: [seed] }, backend: backendName })),
  );
  const parts: Evaluated[] = [];
  if (device.startsWith("NVIDIA GPU") || threads === 1) parts.push(...jobs.map((job) => evaluateJob(job, onClips)));
  else {
    const hear = (answer: ApartAnswer, job: number): void => {
      if ("clips" in answer) onClips?.(answer.clips);
      else parts[job] = answer.evaluated;
    };
    await inProcesses(new URL("./apart-worker.ts", import.meta.url), jobs, threads, hear);
  }
  return sources.map((_, i) => joined(parts.filter((_part, job) => job % sources.length === i)));
}

/** What was evaluated seed by seed; the videos are the first one's. */
const joined = (parts: readonly Evaluated[]): Evaluated => ({
  ...parts[0],
  bySeed: new Map(parts.flatMap(({ bySeed }) => [...bySeed])),
  kept: parts.flatMap(({ kept }) => kept),
});

let judges: Judges | undefined;
/** Loaded once, for all jobs of a process. */
const shippedJudges = (): Judges => {
  judges ??= {
    tokeniser: loadTokeniser(),
    estimator: loadEstimator("evaluation"),
    evaluator: "evaluation",
    preference: loadPreference(),
  };
  return judges;
};

/** The prompts of the last job with their true videos: the next one's are mostly the same. */
let latest: { key: string; set: EvaluationSet } | undefined;
function setOf({ kind, profile }: ApartJob): EvaluationSet {
  const key = JSON.stringify([kind, profile.trajectories, profile.horizons]);
  if (latest?.key !== key) latest = { key, set: evaluationSet(kind, profile) };
  return latest.set;
}

/** In this process, on the open backend. */
export function evaluateJob(job: ApartJob, onClips?: (clips: number) => void): Evaluated {
  const { name, profile } = job;
  const model = loadWorldModel(`checkpoints/${name}`);
  return evaluateModel(name, model, setOf(job), profile, shippedJudges(), onClips);
}

/** Videos of one model to be judged under the true world. */
export interface TruthJob extends Pick<Evaluated, "model" | "actions" | "videos"> {
  clips: number;
}

export interface TruthOptions extends Pick<ApartOptions, "backend"> {
  /** Of each source the first so many videos are judged, */
  count: number;
  /** and of them the first so many clips. */
  clips: number;
}

/** @returns a row for each source, see `truthRow`; this takes no network, and so the processor's time alone */
export async function truthRowsApart(
  sources: readonly Omit<TruthJob, "clips">[],
  { count, clips, backend: { threads } }: TruthOptions,
): Promise<TruthRow[]> {
  const jobs = sources.map(({ model, actions, videos }): TruthJob => {
    return { model, actions, videos: videos.slice(0, count), clips };
  });
  if (threads === 1) return jobs.map((job) => truthRow(job.model, job.actions, job.videos, clips));
  const rows: TruthRow[] = [];
  const hear = ({ row }: { row: TruthRow }, job: number): void => {
    rows[job] = row;
  };
  await inProcesses(new URL("./truth-worker.ts", import.meta.url), jobs, threads, hear);
  return rows;
}
