import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus } from "node:os";
import { writeJson } from "../../util/files.ts";

const require = createRequire(import.meta.url);

/** What was measured of one kernel: numbers in milliseconds, or words. */
export interface KernelRow {
  label: string;
  values: Record<string, number | string>;
}

export interface Results {
  machine: string;
  rows: (KernelRow & { created: string })[];
}

function versionOf(name: string): string {
  return `${name} ${(require(`${name}/package.json`) as { version: string }).version}`;
}

function machine(): string {
  const programs = [`Node ${process.versions.node}`, ...["typescript", "tslab", "zeromq"].map(versionOf)];
  return `${programs.join(", ")}; ${availableParallelism()} cores, ${cpus()[0].model.trim()}`;
}

/** What was measured, to be shown and not kept. */
export function measured(rows: KernelRow[], today = new Date()): Results {
  const created = today.toISOString().slice(0, 10);
  return { machine: machine(), rows: rows.map((row) => ({ ...row, created })) };
}

/** Keeps the rows in a file. A kernel that this machine does not have stays there as it was last measured. */
export function record(path: string, rows: KernelRow[], today = new Date()): Results {
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Results).rows : [];
  const absent = before.filter(({ label }) => !rows.some((row) => row.label === label));
  const fresh = measured(rows, today);
  const results = { ...fresh, rows: [...fresh.rows, ...absent] };
  writeJson(path, results);
  return results;
}

/** When and on what a table was measured, and which of its rows are older. */
export function provenance({ machine, rows }: Results): string {
  const [{ created }] = rows;
  const older = rows.filter((row) => row.created !== created).map((row) => `${row.label}: ${row.created}`);
  return `Measured ${created}; ${machine}.${older.length > 0 ? ` Not there that day: ${older.join(", ")}.` : ""}`;
}
