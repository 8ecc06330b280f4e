import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus } from "node:os";
import { UserError } from "../../util/errors.ts";
import { writeAtomic, writeJson } from "../../util/files.ts";

const require = createRequire(import.meta.url);

/** What was measured of one kernel: numbers in milliseconds, or words. */
export interface Row {
  label: string;
  values: Record<string, number | string>;
}

export interface Results {
  machine: string;
  rows: (Row & { created: string })[];
}

function versionOf(name: string): string {
  return `${name} ${(require(`${name}/package.json`) as { version: string }).version}`;
}

function machine(): string {
  const programs = [`Node ${process.versions.node}`, ...["typescript", "tslab", "zeromq"].map(versionOf)];
  return `${programs.join(", ")}; ${availableParallelism()} cores, ${cpus()[0].model.trim()}`;
}

/** Keeps the rows in a file. A kernel that this machine does not have stays there as it was last measured. */
export function record(path: string, rows: Row[], today = new Date()): Results {
  const created = today.toISOString().slice(0, 10);
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Results).rows : [];
  const absent = before.filter(({ label }) => !rows.some((row) => row.label === label));
  const results = { machine: machine(), rows: [...rows.map((row) => ({ ...row, created })), ...absent] };
  writeJson(path, results);
  return results;
}

/** When and on what a table was measured, and which of its rows are older. */
export function provenance({ machine, rows }: Results): string {
  const [{ created }] = rows;
  const older = rows.filter((row) => row.created !== created).map((row) => `${row.label}: ${row.created}`);
  return `Measured ${created}; ${machine}.${older.length > 0 ? ` Not there that day: ${older.join(", ")}.` : ""}`;
}

/** Cells as a Markdown table; the first row is the header, columns of numbers are set to the right. */
export function markdownTable(cells: string[][], { numbers = false } = {}): string[] {
  const separator = cells[0].map((_, i) => (numbers && i > 0 ? "---:" : "---"));
  return [cells[0], separator, ...cells.slice(1)].map((row) => `| ${row.join(" | ")} |`);
}

/** Replaces what a document has between `<!-- name -->` and `<!-- /name -->`. @throws UserError without these marks */
export function replaceSection(path: string, name: string, lines: string[]): void {
  const text = readFileSync(path, "utf8");
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`].map((mark) => ({ at: text.indexOf(mark), mark }));
  if (start.at < 0 || end.at < start.at) {
    throw new UserError(`${path} has no section ${name}`, `put ${start.mark} and ${end.mark} where the table belongs`);
  }
  const body = `${start.mark}\n${lines.join("\n")}\n`;
  writeAtomic(path, text.slice(0, start.at) + body + text.slice(end.at));
}
