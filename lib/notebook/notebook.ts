import { readFileSync } from "node:fs";
import { UserError } from "../util/errors.ts";

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
export function readNotebook(path: string): Notebook {
  const notebook = parse(readFileSync(path, "utf8"), path);
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new UserError(`${path} is not a notebook of format 4`, "save it again with JupyterLab");
  }
  return notebook;
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
