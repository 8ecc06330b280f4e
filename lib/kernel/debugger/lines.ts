import type { Debugger } from "node:inspector";
import type { ScriptText, V8Position } from "./script-text.ts";

/** A place where V8 can stop, and the user's line and column there. */
export interface Stop {
  at: V8Position;
  line: number;
  column: number;
}

/** Where a script can stop in what the user wrote. */
export function stopsIn(text: ScriptText, locations: Debugger.BreakLocation[]): Stop[] {
  return locations.flatMap(({ lineNumber, columnNumber }) => {
    const at = { lineNumber, columnNumber };
    const written = text.written(at);
    return written ? [{ at, ...written }] : [];
  });
}

/** The first stop at the line wanted or, where that has no code, after it; the last one of all after the last line. */
export function stopFor(stops: Stop[], line: number, column = 1): Stop | undefined {
  const before = (a: Stop, b: Stop) => a.line - b.line || a.column - b.column;
  const ordered = [...stops].sort(before);
  const isReached = (stop: Stop) => stop.line > line || (stop.line === line && stop.column >= column);
  return ordered.find(isReached) ?? ordered.findLast((stop) => stop.line === line) ?? ordered.at(-1);
}
