/** Runs jobs one after the other: train, measure, record. What is done is not done again. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Judges } from "../evaluation/evaluate.ts";
import type { Profile } from "../evaluation/index.ts";
import { disposeParams } from "../nn/params.ts";
import { POST_TRAINING } from "../posttraining/config.ts";
import { sourceHashes } from "../posttraining/open.ts";
import { POST_TRAINING_RECORD, recordRun } from "../posttraining/record.ts";
import { writeJson } from "../util/files.ts";
import { writeCompactJson } from "../util/json.ts";
import { fromRoot } from "../util/root.ts";
import { folderOf, type Group, type Job } from "./arms.ts";
import { efficiencyOf } from "./efficiency.ts";
import { type Measurement, makeMeasure } from "./measure.ts";
import { picturePath, savePicture } from "./pictures.ts";
import { type Ablations, type ArmRow, BASE, EFFICIENCY, recordArm } from "./record.ts";
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
  const record = (row: ArmRow): Ablations => recordArm(row, checkpoints, runner.results);
  const known = rowsOfGroup(group, runner.results).some(({ arm }) => arm === BASE);
  if (!known) record(baseRow(group, measure, runner));
  const rows: ArmRow[] = [];
  for (const [i, job] of jobs.entries()) {
    const { arm, config } = job;
    runner.log(`${group}, ${i + 1} of ${jobs.length}: ${arm.name}, seed ${config.seed}`);
    const result = await resultOf(job, measure, runner);
    const row = { group, arm: arm.name, seed: config.seed, ...result, changed: changesOf(job) };
    rows.push(row);
    const { rows: recorded } = record(row);
    if (group === "main") recordRun(runFolder(job, runner), join(runner.results, POST_TRAINING_RECORD));
    if (group !== "efficiency") continue;
    const efficiency = efficiencyOf(recorded.filter((other) => other.group === group && other.arm !== BASE));
    writeCompactJson(fromRoot(join(runner.results, EFFICIENCY)), efficiency);
  }
  return rows;
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
const changesOf = ({ arm, config }: Job): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(arm.config).filter(([name, value]) => POST_TRAINING[name as keyof typeof POST_TRAINING] !== value),
  ),
  iterations: config.iterations,
});

/** What makes a recorded result this job's. */
const identityOf = ({ arm, config }: Job, { sources, judges, controlSteps, profile }: Runner): string =>
  JSON.stringify({
    ...{ config, profile: profile(arm.group), networks: sourceHashes(sources), judges: judges.hashes },
    ...(arm.group === "control" ? { controlSteps } : {}),
  });

async function resultOf(job: Job, measure: Measure, runner: Runner): Promise<Result> {
  const dir = runFolder(job, runner);
  const path = join(dir, "result.json");
  const identity = identityOf(job, runner);
  const known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  const picture = picturePath(job.arm.group, job.arm.name, runner.results);
  const wanting = PICTURED.includes(job.arm.group) && !existsSync(fromRoot(picture));
  if (known?.identity === identity && !wanting) return known.result;
  const trained = await trainArm(job, dir, runner);
  const measured = measure(trained.params, runner.sources.model.shape);
  disposeParams(trained.params);
  if (wanting || (PICTURED.includes(job.arm.group) && job.config.seed === 0)) savePicture(picture, measured);
  const result = asResult(trained, measured);
  writeJson(path, { identity, result });
  return result;
}

function asResult(
  { iterations, minutes, clipGenerations, curve }: Omit<Trained, "card">,
  { horizons }: Measurement,
): Result {
  const [first, ...longer] = horizons;
  return { ...first, iterations, minutes: Number(minutes.toFixed(2)), clipGenerations, longer, curve };
}
