import type TS from "typescript";
import { type Problem, parseModule, syntaxProblems } from "./parse.ts";
import { ts } from "./typescript.ts";

/** A cell's text, read as what it can be. */
export interface CellText {
  source: TS.SourceFile;
  problems: Problem[];
  /** Characters of `source` before the first one of the cell. */
  shift: number;
}

/** An object in braces is an object, not a block with labels; JSX is read where the text is no TypeScript without it. */
export function readCell(code: string): CellText {
  if (code.trimStart().startsWith("{") && code.trimEnd().endsWith("}")) {
    const object = read(`(${code})`, ts.ScriptKind.TS);
    if (object.problems.length === 0) return { ...object, shift: 1 };
  }
  const plain = read(code, ts.ScriptKind.TS);
  if (plain.problems.length === 0 || !/<[\w>]/.test(code)) return plain;
  const withJsx = read(code, ts.ScriptKind.TSX);
  return withJsx.problems.length === 0 ? withJsx : plain;
}

function read(text: string, kind: TS.ScriptKind): CellText {
  const source = parseModule(kind === ts.ScriptKind.TSX ? "cell.tsx" : "cell.ts", text, kind);
  return { source, problems: syntaxProblems(source), shift: 0 };
}
