import type { Completeness } from "../protocol/language.ts";
import { readCell } from "../transform/read-cell.ts";
import { shellLines } from "../transform/shell-lines.ts";

const UNTERMINATED_STRING = 1002;
/** Comment and template: more lines may end these. */
const UNTERMINATED = new Set([1010, 1160]);

/** Whether Enter should run the code or add a line. */
export function isComplete(typed: string): Completeness {
  const code = shellLines(typed, (name) => name in globalThis);
  const [problem] = readCell(code).problems;
  if (!problem) return { status: "complete" };
  const atEnd = problem.start >= code.trimEnd().length;
  const isOpen = problem.code !== UNTERMINATED_STRING && (atEnd || UNTERMINATED.has(problem.code));
  return isOpen ? { status: "incomplete", indent: indentAfter(code) } : { status: "invalid" };
}

function indentAfter(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)?.[0] ?? "";
  return /[{([]$/.test(last) ? `${indent}  ` : indent;
}
