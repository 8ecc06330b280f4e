import { readFileSync } from "node:fs";
import { onFile, UserError } from "../util/errors.ts";
import { isRecord } from "../util/strict-json.ts";

/** The part of a notebook file (nbformat 4) that is read or changed here; the rest is kept as it is. */
export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  metadata: { tags?: string[]; [key: string]: unknown };
  source: string | string[];
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** The text of a cell; files store it as one string or as lines. */
export const sourceOf = ({ source }: Cell): string => (typeof source === "string" ? source : source.join(""));

export const hasTag = (cell: Cell, tag: string): boolean => cell.metadata.tags?.includes(tag) ?? false;

/** Reads a notebook; throws a UserError naming the file when it is not one. */
export const readNotebook = (path: string): Notebook =>
  parseNotebook(
    onFile(path, () => readFileSync(path, "utf8")),
    path,
  );

/** The notebook that a text holds; @param path stands in error messages */
export function parseNotebook(text: string, path: string): Notebook {
  const notebook = parse(text, path);
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new UserError(`${path} is not a notebook of format 4`, "save it again with JupyterLab");
  }
  notebook.cells.forEach((cell, i) => {
    const wrong = faultOf(cell);
    if (wrong)
      throw new UserError(`${path}, cell ${i + 1}: ${wrong}`, "mend the cell, or save it again with JupyterLab");
  });
  return { ...notebook, metadata: isRecord(notebook.metadata) ? notebook.metadata : {} };
}

const KINDS = ["code", "markdown", "raw"];

const isText = (value: unknown): boolean =>
  typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"));

/** What would make a runner fail, or leave the cell out without a word. */
function faultOf(cell: unknown): string | undefined {
  if (!isRecord(cell)) return "it is no cell";
  const { cell_type: kind, source, metadata } = cell;
  if (!KINDS.includes(String(kind))) return `there is no kind of cell ${JSON.stringify(kind)}`;
  if (!isText(source)) return "its source is no text";
  if (!isRecord(metadata)) return "it has no metadata";
  const { timeout, tags } = metadata;
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === "string")))
    return "its tags are no list of texts";
  if (timeout === undefined || (typeof timeout === "number" && timeout > 0)) return undefined;
  return `its timeout is ${JSON.stringify(timeout)}, not a number of seconds`;
}

function parse(text: string, path: string): Notebook | null {
  try {
    return JSON.parse(text) as Notebook | null;
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}`, "restore the file", { cause: error });
  }
}

/** The file's text, in the layout that Jupyter itself writes. */
export const notebookText = (notebook: Notebook): string => `${JSON.stringify(notebook, null, 1)}\n`;
