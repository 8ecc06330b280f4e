import { stripVTControlCharacters } from "node:util";
import { type Notebook, sourceOf } from "./notebook.ts";

/** Why a notebook failed, and where. */
export interface Failure {
  /** Index of the cell among all cells, from 0; undefined when the kernel never started one. */
  readonly cell: number | undefined;
  /** Line inside the cell, from 1; undefined when the error does not say. */
  readonly line: number | undefined;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** Cells appear in tracebacks as `In [execution number]:line:column`. */
export function lineInCell(traceback: readonly string[]): number | undefined {
  const match = /\bIn \[\d+\]:(\d+):\d+/.exec(stripVTControlCharacters(traceback.join("\n")));
  return match ? Number(match[1]) : undefined;
}

/** The failure as lines for a terminal: notebook, cell, line, error, and the source line it points at. */
export function describeFailure(name: string, notebook: Notebook, failure: Failure): string {
  const { cell, line, ename, evalue, traceback } = failure;
  const place =
    cell === undefined ? "before the first cell" : `cell ${cell + 1}${line === undefined ? "" : `, line ${line}`}`;
  const source =
    cell === undefined || line === undefined ? undefined : sourceOf(notebook.cells[cell]).split("\n")[line - 1];
  const details = traceback.map(stripVTControlCharacters).join("\n");
  return [
    `${name}: ${place}: ${ename}: ${evalue}`,
    ...(source === undefined ? [] : [`  > ${source.trim()}`]),
    ...(details === "" ? [] : [details.replace(/^/gm, "  ")]),
  ].join("\n");
}
