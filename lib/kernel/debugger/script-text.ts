import type { Debugger } from "node:inspector";
import type { Position, PositionMap } from "../transform/compose.ts";
import { GENERATED } from "../transform/interruptible.ts";

/** V8's positions count lines and columns from 0. */
export type V8Position = Pick<Debugger.Location, "lineNumber" | "columnNumber">;

const FUNCTION = /^(?:async\s+)?function\b/;
const BEFORE_DECLARATION = /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?$/;

interface Texts {
  /** What runs. */
  js: string;
  /** What the user wrote. */
  written: string;
  /** Absent where the user's text runs as it is. */
  map?: PositionMap;
  /** V8's column of the first character: below 0 if what precedes the user's first line does not count. */
  startColumn?: number;
}

/** The running text of a script beside what the user wrote. */
export class ScriptText {
  readonly #js: string[];
  readonly #written: string[];
  readonly #map: PositionMap | undefined;
  readonly #startColumn: number;

  constructor({ js, written, map, startColumn = 0 }: Texts) {
    this.#js = js.split("\n");
    this.#written = written.split("\n");
    this.#map = map;
    this.#startColumn = startColumn;
  }

  /** Where the user wrote what runs at a place; undefined if the kernel put it there. */
  written({ lineNumber, columnNumber = 0 }: V8Position): Position | undefined {
    const at = { line: lineNumber + 1, column: columnNumber + 1 };
    if (!this.#map) return at;
    const rest = this.rest({ lineNumber, columnNumber });
    if (columnNumber < 0 || GENERATED.test(rest) || this.#isEnd(lineNumber)) return undefined;
    const position = this.#map.original(at);
    return position && !this.#isDeclaration(rest, position) ? position : undefined;
  }

  /** The running text from a place to the end of its line. */
  rest({ lineNumber, columnNumber = 0 }: V8Position): string {
    return (this.#js[lineNumber] ?? "").slice(columnNumber - (lineNumber === 0 ? this.#startColumn : 0));
  }

  /** Behind the user's text there is a comment with the script's name, at whose end V8 leaves the script. */
  #isEnd(lineNumber: number): boolean {
    return this.#js[lineNumber]?.startsWith("//# ") !== false;
  }

  /** A declared function is assigned at the front of a cell, which is nothing that the user wrote. */
  #isDeclaration(rest: string, { line, column }: Position): boolean {
    return FUNCTION.test(rest) && BEFORE_DECLARATION.test((this.#written[line - 1] ?? "").slice(0, column - 1));
  }

  /** The running text from the user's first line on. */
  get js(): string {
    return this.#js.join("\n").slice(-this.#startColumn);
  }
}
