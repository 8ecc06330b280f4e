import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { murmur2 } from "./murmur.ts";

/** How front-ends compute the path under which they speak of a cell; nothing is written there. */
export const HASH = { method: "Murmur2", seed: 0xc70f6907 } as const;
export const PREFIX = join(tmpdir(), `typescript-cells-${process.pid}`) + sep;
export const SUFFIX = ".ts";

export function cellPath(code: string): string {
  return `${PREFIX}${murmur2(code, HASH.seed)}${SUFFIX}`;
}

interface Ran {
  label: string;
  code: string;
}

/** As many as the executor keeps source maps of. */
const KEPT = 2000;

/** The texts of cells that ran; noted always, because the debugger may be started later. */
export class RanCells {
  readonly #cells = new Map<number, Ran>();

  note(cell: number, label: string, code: string): void {
    this.#cells.set(cell, { label, code });
    this.#cells.delete(cell - KEPT);
  }

  get(cell: number): Ran | undefined {
    return this.#cells.get(cell);
  }

  textAt(path: string): string | undefined {
    return [...this.#cells.values()].findLast(({ code }) => cellPath(code) === path)?.code;
  }
}
