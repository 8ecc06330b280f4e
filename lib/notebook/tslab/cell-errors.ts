import { inspect } from "node:util";

/** What Jupyter's `error` message and the reply to a failed cell carry. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/**
 * Frames below the cell's own belong to Node and tslab; lines before the message repeat the emitted source. The line
 * numbers that are left are those of the JavaScript that tslab made of the cell, not the cell's.
 */
function traceOf(error: Error): string[] {
  const lines = (error.stack ?? String(error)).split("\n");
  const start = Math.max(
    0,
    lines.findIndex((line) => line.startsWith(error.name)),
  );
  const end = lines.findIndex((line) => line.includes("node:vm") || line.includes("/tslab/dist/"));
  const own = lines.slice(start, end < 0 ? undefined : end);
  return own.map((line) => line.replace("evalmachine.<anonymous>", "JavaScript made of the cell"));
}

/** Anything that was thrown. */
export function errorOf(thrown: unknown): CellError {
  if (thrown instanceof Error) return { ename: thrown.name, evalue: thrown.message, traceback: traceOf(thrown) };
  const evalue = inspect(thrown);
  return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
}

/** One compiler message as tslab prints it: file (empty for the cell), line, column, text. */
export type Diagnostic = readonly [file: string, line: number, column: number, text: string];

/** All compiler messages of a cell as one error. */
export function diagnosticsError(diagnostics: readonly Diagnostic[], count: number): CellError {
  const lines = diagnostics.map(
    ([file, line, column, text]) => `${file.trim() || `In [${count}]`}:${line}:${column} - ${text}`,
  );
  return { ename: "TypeScriptError", evalue: diagnostics[0][3], traceback: ["TypeScriptError:", ...lines] };
}
