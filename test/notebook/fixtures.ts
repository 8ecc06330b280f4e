import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cell, Notebook } from "../../lib/notebook/notebook.ts";
import { notebookText } from "../../lib/notebook/notebook.ts";

/** A code cell, with tags or a time limit in its metadata. */
export const code = (source: string, metadata: Cell["metadata"] = {}): Cell => ({
  cell_type: "code",
  execution_count: null,
  metadata,
  outputs: [],
  source,
});

export const notebookOf = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: { kernelspec: { name: "worldcompass-typescript", display_name: "TypeScript", language: "typescript" } },
  nbformat: 4,
  nbformat_minor: 4,
});

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "worldcompass-notebooks-"));

/** Writes a notebook into a new folder and answers with its path. */
export function writeNotebook(name: string, ...cells: Cell[]): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, notebookText(notebookOf(...cells)));
  return path;
}

interface Output {
  output_type: string;
  text?: string | string[];
  data?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

const joined = (text: unknown): string => (Array.isArray(text) ? text.join("") : String(text));

/** The outputs of every cell as short texts: streams and plain text as they are, errors as `name: value`. */
export function outputsOf({ cells }: Notebook): string[][] {
  return cells.map(({ outputs = [] }) =>
    (outputs as Output[]).map(({ output_type, text, data, ename, evalue }) => {
      if (output_type === "stream") return joined(text);
      return output_type === "error" ? `${ename}: ${evalue}` : joined(data?.["text/plain"]);
    }),
  );
}

/** The traceback of the error that a cell ended with. */
export const tracebackOf = ({ cells }: Notebook, cell: number): string[] =>
  (cells[cell].outputs as Output[]).flatMap(({ traceback = [] }) => traceback);
