import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { CellMaps } from "../protocol/executor.ts";

export interface Position {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** Position in running code -> position in what the user wrote, through both maps. Undefined for inserted code. */
export class PositionMap {
  readonly maps: CellMaps;
  readonly #steps: TraceMap[];

  constructor(maps: CellMaps) {
    this.maps = maps;
    this.#steps = [maps.emit, ...(maps.edits ? [maps.edits] : [])].map((map) => new TraceMap(map));
  }

  original(at: Position): Position | undefined {
    let position: Position | undefined = at;
    for (const step of this.#steps) {
      const found = lookUp(step, position);
      if (found.line === null) return undefined;
      position = { line: found.line, column: found.column + 1 };
    }
    return position;
  }
}

/** What was inserted before the first mapped character of a line belongs to that character. */
function lookUp(map: TraceMap, { line, column }: Position) {
  const needle = { line, column: column - 1 };
  const found = originalPositionFor(map, needle);
  return found.line === null ? originalPositionFor(map, { ...needle, bias: LEAST_UPPER_BOUND }) : found;
}
