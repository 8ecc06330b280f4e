/**
 * The loop around every training: seeded batches, metrics to JSONL, checkpoints from which a killed run goes on as if
 * nothing had happened. What a step does is the caller's; a step's batch must depend on (seed, step) alone.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadParams, saveParams } from "../model/nn/checkpoint.ts";
import { disposeParams, type Params, subParams } from "../model/nn/params.ts";
import { unlike } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { appendJsonLine, writeAtomic, writeJson } from "../util/files.ts";
import { Progress } from "../util/progress.ts";
import type { Tree } from "../util/tree.ts";

/** Groups of tensors that a run carries from step to step, for example params, optimiser, ema. */
export type TrainState = Record<string, Params>;

export type Metrics = Record<string, number>;

export interface RunOptions {
  /** Folder of the run: config.json, metrics.jsonl, state.safetensors. */
  dir: string;
  steps: number;
  /** Steps that the progress bar counts to, where this call is a part of a longer run. Default: `steps`. */
  total?: number;
  /** Everything that shapes the run; a resumed run must have the same. */
  config: Tree;
  /** What an entry that an earlier run's config does not know yet counts as. */
  presets?: Tree;
  saveEvery: number;
  logEvery: number;
  start: () => TrainState;
  /** Must not dispose the given state; the loop disposes what is replaced. */
  step: (state: TrainState, step: number) => { state: TrainState; metrics: Metrics };
  /** Metrics that stand beside the progress bar. Default: all. */
  shown?: readonly string[];
  /** Called before every save, for example to evaluate; what it returns goes to the metrics. */
  onSave?: (state: TrainState, step: number) => Metrics;
}

const STATE = "state.safetensors";
/** File of a run with a record a step. */
export const METRICS = "metrics.jsonl";

/** The metrics that a run has written, one record a step. */
export function readMetrics(dir: string): (Metrics & { step: number })[] {
  const records = new Map<number, Metrics & { step: number }>();
  for (const line of readFileSync(join(dir, METRICS), "utf8").split("\n").slice(0, -1)) {
    const record = JSON.parse(line) as Metrics & { step: number };
    records.set(record.step, { ...records.get(record.step), ...record });
  }
  return [...records.values()];
}

/** Runs to the end, or resumes and runs to the end. @returns the last state */
export function runTraining(options: RunOptions): TrainState {
  const { dir, steps, saveEvery, logEvery } = options;
  for (const [name, every] of Object.entries({ steps, saveEvery, logEvery })) checkCadence(name, every);
  claimConfig(options);
  let { state, step } = restore(options);
  const progress = new Progress(dir.split("/").at(-1) ?? dir, options.total ?? steps, step);
  while (step < steps) {
    const result = options.step(state, step);
    disposeReplaced(state, result.state);
    state = result.state;
    step++;
    progress.update(step, formatMetrics(result.metrics, options.shown));
    if (step % options.logEvery === 0) appendJsonLine(join(dir, METRICS), { step, ...result.metrics });
    if (step % options.saveEvery === 0 || step === steps) saveState(options, state, step);
  }
  progress.finish();
  return state;
}

/** @throws UserError unless a part of a run can be that many steps long */
export function checkCadence(name: string, steps: number): void {
  if (Number.isInteger(steps) && steps >= 1) return;
  throw new UserError(`${name} is ${steps}`, "give a whole number of steps, 1 or more");
}

/** Writes config.json, or checks that the run being resumed has the same; what is new in it is written down too. */
function claimConfig({ dir, config, presets }: RunOptions): void {
  const path = join(dir, "config.json");
  const earlier = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Tree) : undefined;
  const asked = JSON.parse(JSON.stringify(config)) as Tree;
  const differences = earlier ? unlike(earlier, asked, presets) : [];
  if (differences.length > 0) {
    throw new UserError(
      `${path} describes another run than the one asked for: ${differences.join("; ")}`,
      "choose another folder, or remove this one to start again",
    );
  }
  if (JSON.stringify(earlier) !== JSON.stringify(asked)) writeJson(path, config);
}

function restore({ dir, start }: RunOptions): { state: TrainState; step: number } {
  const path = join(dir, STATE);
  const fresh = start();
  const found = existsSync(path) ? readState(path, flat(fresh)) : { state: fresh, step: 0 };
  if (found.state !== fresh) for (const group of Object.values(fresh)) disposeParams(group);
  forgetAfter(join(dir, METRICS), found.step);
  return found;
}

/** Every tensor of a state as `group.name`. */
const flat = (state: TrainState): Params =>
  Object.fromEntries(
    Object.entries(state).flatMap(([group, params]) =>
      Object.entries(params).map(([name, tensor]) => [`${group}.${name}`, tensor] as const),
    ),
  );

/** @param expect names and shapes of the run's state, so that another program's is refused before it is used */
function readState(path: string, expect: Params): { state: TrainState; step: number } {
  const { params, metadata } = loadParams(path, { expect });
  const step = Number(metadata.step);
  if (!Number.isInteger(step) || !metadata.groups)
    throw new UserError(`${path} is not the state of a training run`, "remove the folder to start again");
  return { state: Object.fromEntries(metadata.groups.split(",").map((g) => [g, subParams(params, g)])), step };
}

/** Drops what a killed run measured after its last saved step, so that the record is that of a run without a break. */
function forgetAfter(path: string, step: number): void {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  writeAtomic(
    path,
    lines
      .filter((line) => JSON.parse(line).step <= step)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

function saveState({ dir, onSave }: RunOptions, state: TrainState, step: number): void {
  if (onSave) appendJsonLine(join(dir, METRICS), { step, ...onSave(state, step) });
  saveParams(join(dir, STATE), flat(state), { step: String(step), groups: Object.keys(state).join(",") });
}

/** Frees the tensors of `before` that are not also in `after`. */
function disposeReplaced(before: TrainState, after: TrainState): void {
  const kept = new Set(Object.values(after).flatMap((group) => Object.values(group).map((t) => t.id)));
  for (const group of Object.values(before)) {
    disposeParams(Object.fromEntries(Object.entries(group).filter(([, t]) => !kept.has(t.id))));
  }
}

const formatMetrics = (metrics: Metrics, shown: readonly string[] = Object.keys(metrics)): string =>
  shown.map((name) => `${name} ${metrics[name].toPrecision(4)}`).join("  ");
