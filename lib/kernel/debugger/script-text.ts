import type { Debugger } from "node:inspector";
import type { Position, PositionMap } from "../transform/compose.ts";
import { GENERATED } from "../transform/interruptible.ts";

/** V8's positions count lines and columns from 0. */
export type V8Position = Pick<Debugger.Location, "lineNumber" | "columnNumber">;

const FUNCTION = /^(?:async\s+)?function\b/;
const BEFORE_DECLARATION = /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?$/;

/** The running text of a script beside what the user wrote. */
export class ScriptText {
  readonly #js: string[];
  readonly #written: string[];
  readonly #map: PositionMap | undefined;

  /** @param map absent where the user's text runs as it is */
  constructor(js: string, written: string, map: PositionMap | undefined) {
    this.#js = js.split("\n");
    this.#written = written.split("\n");
    this.#map = map;
  }

  get lines(): number {
    return this.#written.length;
  }

  /** Where the user wrote what runs at a place; undefined if the kernel put it there. */
  written({ lineNumber, columnNumber = 0 }: V8Position): Position | undefined {
    const at = { line: lineNumber + 1, column: columnNumber + 1 };
    if (!this.#map) return at;
    if (GENERATED.test(this.rest({ lineNumber, columnNumber }))) return undefined;
    const position = this.#map.original(at);
    return position && !this.#isDeclaration(at, position) ? position : undefined;
  }

  /** The running text from a place to the end of its line. */
  rest({ lineNumber, columnNumber = 0 }: V8Position): string {
    return (this.#js[lineNumber] ?? "").slice(columnNumber);
  }

  /** A declared function is assigned at the front of a cell, which is nothing that the user wrote. */
  #isDeclaration(at: Position, { line, column }: Position): boolean {
    if (!FUNCTION.test(this.rest({ lineNumber: at.line - 1, columnNumber: at.column - 1 }))) return false;
    return BEFORE_DECLARATION.test((this.#written[line - 1] ?? "").slice(0, column - 1));
  }
}
