/** The recorded experiments: one row a run, in data/results/ablations.json. Several processes may record side by side. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Curve } from "../training/posttraining/curve.ts";
import { currentCommit } from "../util/commit.ts";
import { UserError } from "../util/errors.ts";
import { writeCompactJson } from "../util/json.ts";
import { withLock } from "../util/lock.ts";
import { fromRoot } from "../util/root.ts";
import type { Measured } from "./measure.ts";

/** `Measured` at the shortest horizon, and how it came about. */
export interface ArmRow extends Measured {
  group: string;
  arm: string;
  seed: number;
  iterations: number;
  /** Of training; probes and evaluation not counted. */
  minutes: number;
  /** Clips generated for training. */
  clipGenerations: number;
  /** The longer horizons, where they were measured. */
  longer: Measured[];
  /** Options that differ from the defaults. */
  changed: Record<string, unknown>;
  curve: Curve;
}

/** A recorded file of rows. */
export interface Recorded<R> {
  commit: string | null;
  /** ISO date of the last change. */
  created: string;
  /** SHA-256 of the networks that all rows start from or are judged by. */
  checkpoints: Record<string, string>;
  rows: R[];
}

export type Ablations = Recorded<ArmRow>;

/** Where results are recorded. */
export const RESULTS = "data/results";
export const ABLATIONS = "ablations.json";
/** Name of the row of the model that all arms start from. */
export const BASE = "base";
export const EFFICIENCY = "efficiency.json";

/** A recorded file, or undefined where there is none yet. */
export function readRecorded<T>(name: string, results = RESULTS): T | undefined {
  const file = fromRoot(join(results, name));
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}

const sameRun = (a: ArmRow, b: ArmRow): boolean => a.group === b.group && a.arm === b.arm && a.seed === b.seed;

/** Names of the networks whose hashes differ. */
const changedNetworks = (a: Record<string, string>, b: Record<string, string>): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);

/** Where rows go, and the networks that they come from. */
export interface RecordTarget {
  name: string;
  results: string;
  checkpoints: Record<string, string>;
}

/** @throws UserError where the recorded rows come from other networks, so that they cannot be compared with new ones */
export function assertSameNetworks({ name, results, checkpoints }: RecordTarget): void {
  const before = readRecorded<Recorded<unknown>>(name, results);
  const changed = before ? changedNetworks(before.checkpoints, checkpoints) : [];
  if (changed.length === 0) return;
  const problem = `${join(results, name)} was measured with other networks (${changed.join(", ")})`;
  throw new UserError(problem, "remove that file and runs/experiments, and run the experiments again");
}

/**
 * Changes the rows of a file; no other process changes it meanwhile.
 * @throws UserError where the recorded rows come from other networks
 */
export function updateRecorded<R>(target: RecordTarget, change: (before: R[]) => R[]): Recorded<R> {
  const path = fromRoot(join(target.results, target.name));
  return withLock(path, () => {
    assertSameNetworks(target);
    const rows = change(readRecorded<Recorded<R>>(target.name, target.results)?.rows ?? []);
    const facts = { commit: currentCommit(), created: new Date().toISOString(), checkpoints: target.checkpoints };
    writeCompactJson(path, { ...facts, rows });
    return { ...facts, rows };
  });
}

/** Adds a row, in the place of an earlier one of the same run. @throws UserError where the rows come from other networks */
export const recordArm = (row: ArmRow, checkpoints: Record<string, string>, results = RESULTS): Ablations =>
  updateRecorded<ArmRow>({ name: ABLATIONS, results, checkpoints }, (before) => [
    ...before.filter((other) => !sameRun(other, row)),
    row,
  ]);
