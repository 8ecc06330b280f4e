/** Runs jobs one after the other: train, measure, record. What is done is not done again. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Judges } from "../evaluation/evaluate.ts";
import type { Profile } from "../evaluation/index.ts";
import { disposeParams } from "../model/nn/params.ts";
import { POST_TRAINING } from "../training/posttraining/config.ts";
import { sourceHashes } from "../training/posttraining/open.ts";
import { POST_TRAINING_RECORD, recordRun } from "../training/posttraining/record.ts";
import { writeCompactJson } from "../util/json.ts";
import { withLock } from "../util/lock.ts";
import { fromRoot } from "../util/root.ts";
import { differences, merged } from "../util/tree.ts";
import { folderOf, type Group, type Job } from "./arms.ts";
import { type Identity, readResult, writeResult } from "./cached.ts";
import { efficiencyOf } from "./efficiency.ts";
import { type Measurement, makeMeasure } from "./measure.ts";
import { picturePath, savePicture } from "./pictures.ts";
import { type ArmRow, BASE, EFFICIENCY, recordArm } from "./record.ts";
import { rowsOfGroup } from "./summary.ts";
import { type Shop, type Trained, trainArm } from "./train.ts";

export interface Runner extends Shop {
  judges: Judges & { hashes: Record<string, string> };
  /** Iterations of every group; 0: each group's default. */
  iterations: number;
  /** What a group is measured on. */
  profile: (group: Group) => Profile;
  /** Folder of the runs. */
  runs: string;
  /** Folder of what is recorded. */
  results: string;
  log: (line: string) => void;
}

type Measure = ReturnType<typeof makeMeasure>;
type Result = Omit<ArmRow, "group" | "arm" | "seed" | "changed">;

/** Groups whose models are worth a look. */
const PICTURED: readonly Group[] = ["main", "control", "rewards"];

/** Runs the jobs of one group. */
export async function runGroup(group: Group, jobs: readonly Job[], runner: Runner): Promise<ArmRow[]> {
  const measure = makeMeasure(runner.profile(group), runner.judges);
  const checkpoints = { ...sourceHashes(runner.sources), ...runner.judges.hashes };
  const record = (row: ArmRow) => recordArm(row, checkpoints, runner.results);
  const known = rowsOfGroup(group, runner.results).some(({ arm }) => arm === BASE);
  if (!known) record(baseRow(group, measure, runner));
  const rows: ArmRow[] = [];
  for (const [i, job] of jobs.entries()) {
    const { arm, seed } = job;
    runner.log(`${group}, ${i + 1} of ${jobs.length}: ${arm.name}, seed ${seed}`);
    const result = await resultOf(job, measure, runner);
    const row = { group, arm: arm.name, seed, ...result, changed: changesOf(job) };
    rows.push(row);
    record(row);
    if (group === "main") recordRun(runFolder(job, runner), join(runner.results, POST_TRAINING_RECORD));
    if (group === "efficiency") recordEfficiency(runner.results);
  }
  return rows;
}

/** Reads the rows where it has the lock, so that the last one to write has seen the rows of all. */
function recordEfficiency(results: string): void {
  const path = fromRoot(join(results, EFFICIENCY));
  withLock(path, () => {
    const arms = rowsOfGroup("efficiency", results).filter(({ arm }) => arm !== BASE);
    writeCompactJson(path, efficiencyOf(arms));
  });
}

const runFolder = (job: Job, { runs, iterations }: Runner): string => fromRoot(join(runs, folderOf(job, iterations)));

/** The model that all arms start from, measured as they are. */
function baseRow(group: Group, measure: Measure, { sources }: Runner): ArmRow {
  const { params, shape } = sources.model;
  const curve = { iteration: [], clipGenerations: [], seconds: [], probes: {} };
  const nothing = { params, config: {}, iterations: 0, minutes: 0, clipGenerations: 0, curve };
  return { group, arm: BASE, seed: 0, ...asResult(nothing, measure(params, shape)), changed: {} };
}

/** Options that differ from the defaults. */
const changesOf = ({ arm, config }: Job): Record<string, unknown> => {
  const changes = differences(POST_TRAINING, merged(POST_TRAINING, arm.config));
  const named = changes.map(({ path, now }) => [path.join("."), now] as const);
  return { ...Object.fromEntries(named), iterations: config.iterations };
};

/** What makes a recorded result this job's. */
const identityOf = ({ arm, config }: Job, { sources, judges, controlSteps, profile }: Runner): Identity => ({
  of: {
    ...{ config, profile: profile(arm.group), networks: sourceHashes(sources), judges: judges.hashes },
    ...(arm.group === "control" ? { controlSteps } : {}),
  },
  presets: { config: POST_TRAINING },
});

async function resultOf(job: Job, measure: Measure, runner: Runner): Promise<Result> {
  const dir = runFolder(job, runner);
  const identity = identityOf(job, runner);
  const known = readResult<Result>(dir, identity);
  const picture = picturePath(job.arm.group, job.arm.name, runner.results);
  const wanting = PICTURED.includes(job.arm.group) && !existsSync(fromRoot(picture));
  if (known && !wanting) return known;
  const trained = await trainArm(job, dir, runner);
  const measured = measure(trained.params, runner.sources.model.shape);
  disposeParams(trained.params);
  if (wanting || (PICTURED.includes(job.arm.group) && job.seed === 0)) savePicture(picture, measured);
  const result = asResult(trained, measured);
  writeResult(dir, identity, result);
  return result;
}

function asResult(
  { iterations, minutes, clipGenerations, curve }: Omit<Trained, "card">,
  { horizons }: Measurement,
): Result {
  const [first, ...longer] = horizons;
  return { ...first, iterations, minutes: Number(minutes.toFixed(2)), clipGenerations, longer, curve };
}
