/** The record of a run: a line of JSON a step, and how it is brought back to what the saved state knew. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { type Fingerprint, fingerprint, flush, writeAtomic } from "../../util/files.ts";
import { isRecord, parseJson } from "../../util/strict-json.ts";

export type Metrics = Record<string, number>;

/** The metrics of one step. */
export type StepMetrics = Metrics & { step: number };

/** File of a run with a record a step. */
export const METRICS = "metrics.jsonl";

const MEND = "restore the file, or remove the folder to start again";

/** Lines that are whole: a killed program may have left a part of one. */
const wholeLines = (text: string): string[] => text.split("\n").slice(0, -1);

/**
 * The objects of a file with one a line; a last line that was not finished is left out.
 * @throws UserError naming a line that is damaged
 */
export function readJsonLines(path: string): Record<string, unknown>[] {
  return wholeLines(readFileSync(path, "utf8")).map((line, i) => {
    const value = parseJson(line, `${path}, line ${i + 1},`, MEND);
    if (isRecord(value)) return value;
    throw new UserError(`${path}, line ${i + 1}, is not an object`, MEND);
  });
}

/** Removes the part of a line that a killed program left at the end of a file. */
export function dropUnfinishedLine(path: string): void {
  if (!existsSync(path)) return;
  const text = readFileSync(path, "utf8");
  if (text !== "" && !text.endsWith("\n")) writeAtomic(path, text.slice(0, text.lastIndexOf("\n") + 1));
}

/** A number that was not finite stands in the records of earlier versions as null. */
function toMetrics(record: Record<string, unknown>, source: string): StepMetrics {
  const entries = Object.entries(record).map(([name, value]) => [name, value === null ? Number.NaN : value] as const);
  const wrong = entries.find(([, value]) => typeof value !== "number");
  if (wrong) throw new UserError(`${source}: ${wrong[0]} is not a number`, MEND);
  const { step } = record;
  if (!Number.isSafeInteger(step) || Number(step) < 0) throw new UserError(`${source} has no step`, MEND);
  return Object.fromEntries(entries) as StepMetrics;
}

const readRecords = (path: string): StepMetrics[] =>
  readJsonLines(path).map((record, i) => toMetrics(record, `${path}, line ${i + 1}`));

/**
 * The metrics that a run has written, one record a step: `charts/...`, `losses/...`.
 *
 * @param dir the run's folder
 * @throws UserError naming a line that is damaged, or where there is no record
 * @example
 * ```ts
 * import { writeFileSync } from "node:fs";
 * import { readMetrics } from "worldcompass";
 * writeFileSync("metrics.jsonl", '{"step":1,"loss":0.5}\n');
 * console.log(readMetrics(".")[0].loss); // => 0.5
 * ```
 */
export function readMetrics(dir: string): StepMetrics[] {
  const path = join(dir, METRICS);
  if (!existsSync(path)) throw new UserError(`no run has written its metrics to ${path}`, "check the folder's name");
  const records = new Map<number, StepMetrics>();
  for (const record of readRecords(path)) records.set(record.step, { ...records.get(record.step), ...record });
  return [...records.values()];
}

/** Flushes the record and tells what it now holds, to be saved with the state. */
export function sealLog(dir: string): Fingerprint {
  const path = join(dir, METRICS);
  if (!existsSync(path)) return fingerprint(new Uint8Array());
  flush(path);
  return fingerprint(readFileSync(path));
}

/**
 * Drops what a killed run measured after its last saved step, so that the record is that of a run without a break.
 * @param sealed what the record held when the state was saved; unknown for a state of an earlier version
 * @throws UserError where it does not hold that any more
 */
export function restoreLog(dir: string, step: number, sealed?: Fingerprint): void {
  const path = join(dir, METRICS);
  if (step === 0) rmSync(path, { force: true });
  else if (sealed) cutTo(path, step, sealed);
  else forgetAfter(path, step);
}

function cutTo(path: string, step: number, sealed: Fingerprint): void {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const known = bytes.subarray(0, sealed.bytes);
  if (fingerprint(known).sha256 !== sealed.sha256) {
    throw new UserError(`${path} is not the record that the state of step ${step} was saved with`, MEND);
  }
  if (bytes.length > sealed.bytes) writeAtomic(path, known);
}

function forgetAfter(path: string, step: number): void {
  if (!existsSync(path)) return;
  const kept = readRecords(path).map((record) => record.step <= step);
  const lines = wholeLines(readFileSync(path, "utf8")).filter((_, i) => kept[i]);
  writeAtomic(path, lines.map((line) => `${line}\n`).join(""));
}
