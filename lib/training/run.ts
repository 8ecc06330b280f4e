/**
 * The loop around every training: seeded batches, metrics to JSONL, checkpoints from which a killed run goes on as if
 * nothing had happened. What a step does is the caller's; a step's batch must depend on (seed, step) alone.
 *
 * A run's folder has one owner while it runs. State, record and configuration are saved as one; a request to end
 * (Ctrl-C, SIGTERM, a parent that is gone) is heard after the step, which is then saved.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { disposeParams } from "../model/nn/params.ts";
import { unlike } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { appendJsonLine, sweepTemporaries, writeJson } from "../util/files.ts";
import { Interrupted, listenForEnd } from "../util/interrupt.ts";
import { ownFolder } from "../util/lock.ts";
import { Progress } from "../util/progress.ts";
import { jsonText, readRecord } from "../util/strict-json.ts";
import type { Tree } from "../util/tree.ts";
import { dropUnfinishedLine, METRICS, type Metrics, readMetrics, restoreLog } from "./run/log.ts";
import { samplesOf } from "./run/samples.ts";
import { brokenTensor, CONFIG, keepsMend, readState, saveState, type TrainState } from "./run/state.ts";
import { EVENTS, writeEvents } from "./tensorboard.ts";

export { METRICS, type Metrics, readMetrics, type StepMetrics } from "./run/log.ts";
export type { TrainState } from "./run/state.ts";

/** What a step makes of a state. */
export interface Stepped {
  state: TrainState;
  metrics: Metrics;
}

export interface RunOptions {
  /** Folder of the run: config.json, metrics.jsonl, state.safetensors, sessions.jsonl. */
  dir: string;
  steps: number;
  /** Everything that shapes the run; a resumed run must have the same. */
  config: Tree;
  /** What an entry that an earlier run's config does not know yet counts as. */
  presets?: Tree;
  saveEvery: number;
  logEvery: number;
  start: () => TrainState;
  /** Must not dispose the given state; the loop disposes what is replaced. */
  step: (state: TrainState, step: number) => Stepped | Promise<Stepped>;
  /** Metrics that stand beside the progress bar. Default: all. */
  shown?: readonly string[];
  /** Measures where the run begins; what it returns is the record of step 0. */
  onStart?: (state: TrainState) => Metrics;
  /** Called before every planned save, for example to evaluate; what it returns goes to the metrics. */
  onSave?: (state: TrainState, step: number) => Metrics | Promise<Metrics>;
  /** Called after every save. */
  afterSave?: (step: number) => void;
  /** Called with the saved state of every so many steps and of the last, and again where a run was broken off meanwhile. */
  visit?: { every: number; at: (state: TrainState, step: number) => void | Promise<void> };
  /** What this start of the program adds to sessions.jsonl. */
  session?: Record<string, unknown>;
}

/** Steps between saved states, where nothing else is said. */
export const SAVE_EVERY = 500;
/** File of a run with a line for each start of the program. */
export const SESSIONS = "sessions.jsonl";

/**
 * Runs to the end, or resumes and runs to the end.
 * @returns the last state
 * @throws Interrupted where it was asked to end before; everything is saved
 * @throws UserError at a step whose metrics or state are not finite; the last good state is kept
 */
export async function runTraining(options: RunOptions): Promise<TrainState> {
  const { dir } = options;
  checkCounts(options);
  const release = ownFolder(dir, "a training");
  const end = listenForEnd();
  try {
    sweep(dir);
    claimConfig(options);
    const run = restore(options);
    if (options.session) addSession(join(dir, SESSIONS), options.session);
    return await toTheEnd(options, run, end.heard);
  } finally {
    end.stop();
    release();
  }
}

function addSession(path: string, session: Record<string, unknown>): void {
  dropUnfinishedLine(path);
  appendJsonLine(path, session);
}

/** The state after `step` steps, and the last step whose state is in the folder. */
interface Run {
  state: TrainState;
  step: number;
  saved: number;
}

async function toTheEnd(options: RunOptions, run: Run, heard: ReturnType<typeof listenForEnd>["heard"]) {
  const { dir, steps } = options;
  const progress = new Progress(dir.split("/").at(-1) ?? dir, steps, run.step);
  try {
    if (run.step > 0) await visit(options, run);
    while (run.step < steps) {
      await turn();
      const request = heard();
      if (request) throw new Interrupted(request, ...saveWhereItStands(options, run));
      await takeStep(options, run, progress);
      await visit(options, run);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) keepWhatIsGood(options, run);
    for (const group of Object.values(run.state)) disposeParams(group);
    throw error;
  }
  progress.finish();
  return run.state;
}

async function takeStep(options: RunOptions, run: Run, progress: Progress): Promise<void> {
  const { dir, logEvery, shown } = options;
  const result = await options.step(run.state, run.step);
  refuseNonFinite(result.metrics, run.step + 1, dir);
  disposeReplaced(run.state, result.state);
  run.state = result.state;
  run.step++;
  progress.update(run.step, formatMetrics(result.metrics, shown));
  if (run.step % logEvery === 0) appendJsonLine(join(dir, METRICS), { step: run.step, ...result.metrics });
  if (isPlanned(options, run.step)) await planned(options, run);
}

const isPlanned = (options: RunOptions, step: number): boolean =>
  step % options.saveEvery === 0 || step === options.steps || isVisited(options, step);

/** A save at a step that the options name. */
async function planned(options: RunOptions, run: Run): Promise<void> {
  const measured = await options.onSave?.(run.state, run.step);
  if (measured) {
    refuseNonFinite(measured, run.step, options.dir);
    appendJsonLine(join(options.dir, METRICS), { step: run.step, ...measured });
  }
  save(options, run);
}

function save({ dir, config, afterSave }: RunOptions, run: Run): void {
  saveState(dir, run.state, run.step, config);
  run.saved = run.step;
  writeEvents(
    join(dir, EVENTS),
    existsSync(join(dir, METRICS)) ? readMetrics(dir) : [],
    samplesOf(dir, config, run.step),
  );
  afterSave?.(run.step);
}

const isVisited = ({ visit, steps }: RunOptions, step: number): boolean =>
  visit !== undefined && (step % visit.every === 0 || step === steps);

async function visit(options: RunOptions, { state, step }: Run): Promise<void> {
  if (isVisited(options, step)) await options.visit?.at(state, step);
}

/** @returns what to tell whoever asked for the end */
function saveWhereItStands(options: RunOptions, run: Run): [problem: string, mend: string] {
  if (run.step > run.saved) save(options, run);
  const { dir, steps } = options;
  if (run.step === 0) return [`stopped before the first step of ${dir}`, "the same command starts again"];
  return [`stopped after step ${run.step} of ${steps}, saved in ${dir}`, "the same command goes on from there"];
}

/**
 * Before an error ends the run: what it had reached, unless that is broken as well. A planned save that failed is to be
 * done again, with all that is measured at it.
 */
function keepWhatIsGood(options: RunOptions, run: Run): void {
  if (run.step > run.saved && !isPlanned(options, run.step) && !brokenTensor(run.state)) save(options, run);
}

function refuseNonFinite(metrics: Metrics, step: number, dir: string): void {
  const wrong = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
  if (wrong) throw new UserError(`step ${step}: ${wrong[0]} is ${wrong[1]}`, keepsMend(dir));
}

function checkCounts({ steps, saveEvery, logEvery, visit }: RunOptions): void {
  for (const [name, every] of Object.entries({ steps, saveEvery, logEvery })) checkCadence(name, every);
  if (visit) checkCadence("visit.every", visit.every);
}

/** Nobody else works in this folder, so what is unfinished in it was left by a program that was killed. */
function sweep(dir: string): void {
  sweepTemporaries(dir);
  for (const name of readdirSync(dir)) {
    if (statSync(join(dir, name)).isDirectory()) sweepTemporaries(join(dir, name));
  }
}

/** @throws UserError unless a part of a run can be that many steps long */
export function checkCadence(name: string, steps: number): void {
  if (Number.isSafeInteger(steps) && steps >= 1) return;
  throw new UserError(`${name} is ${steps}`, "give a whole number of steps, 1 or more");
}

/** Writes config.json, or checks that the run being resumed has the same; what is new in it is written down too. */
function claimConfig({ dir, config, presets }: RunOptions): void {
  const path = join(dir, CONFIG);
  const earlier = existsSync(path) ? readRecord(path, "restore it, or remove the folder to start again") : undefined;
  const asked = JSON.parse(jsonText(config)) as Tree;
  const differences = earlier ? unlike(earlier, asked, presets) : [];
  if (differences.length > 0) {
    throw new UserError(
      `${path} describes another run than the one asked for: ${differences.join("; ")}`,
      "choose another folder, or remove this one to start again",
    );
  }
  if (JSON.stringify(earlier) !== JSON.stringify(asked)) writeJson(path, config);
}

function restore({ dir, start, onStart, steps, config, presets }: RunOptions): Run {
  const fresh = start();
  const found = readState(dir, fresh, (saved) => unlike(saved, JSON.parse(jsonText(config)), presets));
  if (found) for (const group of Object.values(fresh)) disposeParams(group);
  const { state, step, log } = found ?? { state: fresh, step: 0 };
  if (step > steps) throw new UserError(`${dir} is at step ${step} of ${steps}`, "choose another folder");
  restoreLog(dir, step, log);
  if (step === 0 && onStart) {
    const measured = onStart(state);
    refuseNonFinite(measured, 0, dir);
    appendJsonLine(join(dir, METRICS), { step: 0, ...measured });
  }
  return { state, step, saved: step };
}

/** Frees the tensors of `before` that are not also in `after`. */
function disposeReplaced(before: TrainState, after: TrainState): void {
  const kept = new Set(Object.values(after).flatMap((group) => Object.values(group).map((t) => t.id)));
  for (const group of Object.values(before)) {
    disposeParams(Object.fromEntries(Object.entries(group).filter(([, t]) => !kept.has(t.id))));
  }
}

const formatMetrics = (metrics: Metrics, shown: readonly string[] = Object.keys(metrics)): string =>
  shown.flatMap((name) => (name in metrics ? `${name} ${metrics[name].toPrecision(4)}` : [])).join("  ");
