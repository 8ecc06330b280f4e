import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeAtomic } from "../util/files.ts";
import { type ExecuteOptions, executeNotebook } from "./execute.ts";
import { describeFailure, type Failure } from "./failure.ts";
import { hasTag, type Notebook, notebookText, readNotebook, sourceOf } from "./notebook.ts";
import { declaredParameters, type Parameters, withParameters } from "./parameters.ts";

export interface NotebookOptions extends Omit<ExecuteOptions, "folder"> {
  /** Set in every notebook that declares them; others run as they are. */
  readonly shared: Parameters;
  /** Set in every notebook; one that does not declare them is an error. */
  readonly parameters: Parameters;
  /** Where the executed copies go. */
  readonly output: string;
  /** Put the executed notebook in the place of the original, if all went well. */
  readonly write: boolean;
  /** Receives lines of text for the user. */
  log(line: string): void;
}

const isRun = (cell: Notebook["cells"][number]): boolean =>
  cell.cell_type === "code" && sourceOf(cell).trim() !== "" && !hasTag(cell, "skip-execution");

function prepare(path: string, { shared, parameters }: NotebookOptions): Notebook {
  const notebook = readNotebook(path);
  const declared = declaredParameters(notebook);
  const known = Object.entries(shared).filter(([name]) => declared.includes(name));
  return withParameters(notebook, { ...Object.fromEntries(known), ...parameters });
}

/** Executes one notebook into the output folder and says how it went. */
export async function runNotebook(path: string, options: NotebookOptions): Promise<Failure | undefined> {
  const { output, write, log } = options;
  const name = basename(path);
  const notebook = prepare(path, options);
  const copy = join(output, name);
  writeAtomic(copy, notebookText(notebook));
  const cells = notebook.cells.filter(isRun).length;
  log(`${name}: ${cells} cells on ${options.kernel}`);
  const start = performance.now();
  const failure = await executeNotebook(copy, { ...options, folder: dirname(path) });
  if (failure) {
    log(describeFailure(name, notebook, failure));
    log(`${name}: failed; outputs so far are in ${copy}`);
    return failure;
  }
  if (write) writeAtomic(path, readFileSync(copy));
  log(`${name}: passed in ${((performance.now() - start) / 1000).toFixed(1)} s -> ${write ? path : copy}`);
  return undefined;
}
