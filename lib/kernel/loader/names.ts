/** Imported by every library file that the loader prepares; gives it the executor's interrupt functions. */
export const RUNTIME_MODULE = "typebook:runtime";

const CELL_SCHEME = "typebook-cell:";

export interface CellSpecifier {
  specifier: string;
  /** The folder which relative paths start from. */
  folder: string;
}

/** Wraps what a cell imports so that the loader knows where from. */
export function cellSpecifier(specifier: string, folder: string): string {
  return `${CELL_SCHEME}${encodeURIComponent(JSON.stringify({ specifier, folder }))}`;
}

export function parseCellSpecifier(text: string): CellSpecifier | undefined {
  if (!text.startsWith(CELL_SCHEME)) return undefined;
  return JSON.parse(decodeURIComponent(text.slice(CELL_SCHEME.length))) as CellSpecifier;
}
