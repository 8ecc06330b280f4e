/** Recorded tables: written by the full profile, asserted by every other run. */
import { existsSync, readFileSync } from "node:fs";
import { readConfig } from "../model/nn/published.ts";
import { currentCommit } from "../util/commit.ts";
import { UserError } from "../util/errors.ts";
import { writeJson } from "../util/files.ts";
import { withLock } from "../util/lock.ts";
import { fromRoot } from "../util/root.ts";
import { assertAgreement } from "./agreement.ts";
import type { Row } from "./table.ts";

export interface RecordedTable {
  profile: string;
  /** Commit of the code that made it; null outside of a git checkout. */
  commit: string | null;
  /** ISO date. */
  created: string;
  /** SHA-256 of every checkpoint used, by name. */
  checkpoints: Record<string, string>;
  rows: Row[];
}

/** The committed table, of the paper profile. */
export const MAIN_TABLE = "data/results/main-table.json";
/** What the last run measured; not committed. */
export const MEASURED_TABLE = "runs/evaluation/main-table.json";

/** @throws UserError if the file is missing or not JSON */
export function readTable(path = MAIN_TABLE): RecordedTable {
  const file = fromRoot(path);
  if (!existsSync(file))
    throw new UserError(
      `no recorded table at ${path}`,
      "restore it from git, or run the notebooks in the paper profile",
    );
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RecordedTable;
  } catch (error) {
    throw new UserError(`${path} is not JSON`, "restore it from git", { cause: error });
  }
}

/** Writes rows, keeping recorded rows of models that this run did not measure. */
export function recordRows(
  rows: Row[],
  facts: Omit<RecordedTable, "rows" | "commit" | "created">,
  path = MAIN_TABLE,
): void {
  const file = fromRoot(path);
  const stamp = { commit: currentCommit(), created: new Date().toISOString() };
  const measured = new Set(rows.map((row) => row.model));
  withLock(file, () => {
    const before = existsSync(file) ? readTable(path).rows : [];
    const kept = before.filter((row) => !measured.has(row.model));
    writeJson(file, { ...facts, ...stamp, rows: [...rows, ...kept] });
  });
}

const sameCell = (a: Row, b: Row): boolean => a.model === b.model && a.actions === b.actions && a.frames === b.frames;

export interface Comparison {
  model: string;
  actions: string;
  frames: number;
  measured: number;
  recorded: number;
  /** Largest difference that chance explains, see `chanceTolerance`. */
  tolerance: number;
}

type Sample = { videoSd: number; trajectories: number };

/**
 * Three standard errors of a difference of means over videos, plus one point. The recorded spread alone counts: the videos of a
 * short profile are some of the recorded ones. NaN, with which nothing agrees, where one of them is not recorded.
 */
export function chanceTolerance({ trajectories }: Pick<Sample, "trajectories">, recorded: Sample): number {
  const known = [trajectories, recorded.trajectories, recorded.videoSd].every(Number.isFinite);
  if (!known) return Number.NaN;
  return 3 * recorded.videoSd * Math.sqrt(1 / trajectories + 1 / recorded.trajectories) + 1;
}

/** Compares accuracies with the recorded ones. @throws UserError naming every cell that differs by more than chance */
export function assertRecorded(rows: readonly Row[], recorded: RecordedTable): Comparison[] {
  const compared = rows.map((row): Comparison => {
    const other = recorded.rows.find((candidate) => sameCell(row, candidate));
    if (!other)
      throw new UserError(
        `no recorded row for ${row.model}, ${row.actions}, ${row.frames} frames`,
        "run the paper profile to record it",
      );
    const { model, actions, frames, accuracy: measured } = row;
    const tolerance = chanceTolerance(row, other);
    return { model, actions, frames, measured, recorded: other.accuracy, tolerance };
  });
  return assertAgreement(compared, ({ model, actions, frames }) => `${model} ${actions} ${frames}`, MAIN_TABLE);
}

/** SHA-256 of shipped checkpoints, by name, as their configs state and their loading has verified. */
export const checkpointHashes = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, String(readConfig(`checkpoints/${name}`).sha256)]));
