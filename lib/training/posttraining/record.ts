/** A run in one small file that can be committed: what it was, where it ran, and all that it measured. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeCompactJson } from "../../util/json.ts";
import { withLock } from "../../util/lock.ts";
import { fromRoot } from "../../util/root.ts";
import { readJsonLines } from "../run/log.ts";
import { readMetrics, SESSIONS } from "../run.ts";
import { short } from "./curve.ts";

export interface RunRecord {
  seed: number;
  config: Record<string, unknown>;
  /** Each start of the program: time, commit, backend, device, threads. */
  sessions: Record<string, unknown>[];
  /** Columns of equal length, one entry an iteration and one of the base model before; null: not measured then, or not finite. */
  metrics: Record<string, (number | null)[]>;
}

/** Runs of different seeds. */
export interface RunRecords {
  runs: RunRecord[];
}

/** Stands in data/results. */
export const POST_TRAINING_RECORD = "post-training.json";

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

/** @param dir folder of a run */
export function runRecord(dir: string): RunRecord {
  const records = readMetrics(dir);
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const column = (name: string): (number | null)[] =>
    records.map((record) => (Number.isFinite(record[name]) ? short(record[name]) : null));
  const config = readJson(join(dir, "config.json")) as Record<string, unknown>;
  const metrics = Object.fromEntries(names.map((name) => [name, column(name)]));
  return { seed: Number(config.seed), config, sessions: readJsonLines(join(dir, SESSIONS)), metrics };
}

/** The committed record, or one of no runs. */
export function readRunRecords(path = join("data/results", POST_TRAINING_RECORD)): RunRecords {
  const file = fromRoot(path);
  return existsSync(file) ? (readJson(file) as RunRecords) : { runs: [] };
}

/** Adds a run to the record, in the place of an earlier one of its seed; several processes may, side by side. */
export function recordRun(dir: string, path = join("data/results", POST_TRAINING_RECORD)): void {
  const record = runRecord(dir);
  withLock(fromRoot(path), () => {
    const others = readRunRecords(path).runs.filter(({ seed }) => seed !== record.seed);
    const runs = [...others, record].sort((a, b) => a.seed - b.seed);
    writeCompactJson(fromRoot(path), { runs });
  });
}
