import type { Completeness } from "../protocol/language.ts";
import { parseModule, syntaxProblems } from "../transform/parse.ts";

/** "Unterminated" string, comment, template, regular expression: more text may end it. */
const UNTERMINATED = new Set([1002, 1010, 1160, 1161]);

/** Whether Enter should run the code or add a line. */
export function isComplete(code: string): Completeness {
  const [problem] = syntaxProblems(parseModule("cell.mts", code));
  if (!problem) return { status: "complete" };
  const atEnd = problem.start >= code.trimEnd().length;
  const isOpen = atEnd || (UNTERMINATED.has(problem.code) && problem.code !== 1002);
  return isOpen ? { status: "incomplete", indent: indentAfter(code) } : { status: "invalid" };
}

function indentAfter(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)?.[0] ?? "";
  return /[{([]$/.test(last) ? `${indent}  ` : indent;
}
