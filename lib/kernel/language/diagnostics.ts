import type TS from "typescript";
import type { ErrorReport } from "../protocol/executor.ts";
import { type Problem, toProblem } from "../transform/parse.ts";
import type { CellModule, Cells } from "./cells.ts";
import { hintForCode } from "./hints.ts";

/** Errors that a cell may have and a module may not. */
const IGNORED = new Set([
  // Names that nothing uses (yet).
  ...[6133, 6138, 6192, 6196, 6198, 6199, 7028],
  // Packages without types, and files that export in JavaScript's old way: what they give is `any`.
  ...[7016, 2665, 2306],
  // `assert` for `with`, in which imports were written until a year ago.
  2880,
  // A `var` declared once more, with another type.
  2403,
  // Variables that get their first value, and with it their type, in a later cell.
  ...[7034, 7005],
]);

/** Checker output -> problems in the user's text; what concerns the generated lines around it is dropped. */
export function problemsIn(module: CellModule, diagnostics: readonly TS.Diagnostic[], cells: Cells): Problem[] {
  const end = module.offset + module.code.length;
  const own = diagnostics.filter(({ category, code, start, file }) => {
    if (category !== 1 || IGNORED.has(code)) return false;
    return !file || (start !== undefined && start >= module.offset && start <= end);
  });
  return own.map((diagnostic) => {
    const problem = named(toProblem(diagnostic), cells);
    return diagnostic.file
      ? { ...problem, start: problem.start - module.offset, end: problem.end - module.offset }
      : problem;
  });
}

/** A type of another cell is one of a module to TypeScript, but not to the person at the notebook. */
function named(problem: Problem, cells: Cells): Problem {
  const message = problem.message.replace(OF_CELL, (_all, cell: string, name: string) => {
    const label = cells.moduleOf(Number(cell))?.label;
    return label === undefined ? name : `${name} of In [${label}]`;
  });
  return { ...problem, message };
}

const OF_CELL = /import\("[^"]*[\\/]__cell_(\w+)__"\)\.([\w$.]+)/g;

const SHOWN = 10;

/** Problems -> an error report with the lines concerned. */
export function reportProblems(ename: string, label: string, code: string, problems: Problem[]): ErrorReport {
  const lines = code.split("\n");
  const shown = problems.slice(0, SHOWN).map((problem) => describe(problem, label, lines));
  const more = problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more`] : [];
  const [first] = problems;
  return {
    ename,
    evalue: `${position(first.start, lines)} ${codeName(first)}${first.message.split("\n")[0]}`,
    traceback: [...shown.flat(), ...more],
  };
}

function codeName({ code }: Problem): string {
  return `TS${code}: `;
}

function describe(problem: Problem, label: string, lines: string[]): string[] {
  const { line, column } = lineAndColumn(problem.start, lines);
  const width = Math.max(1, Math.min(problem.end - problem.start, lines[line].length - column));
  const gutter = `${line + 1} | `;
  const hint = hintForCode(problem);
  return [
    `In [${label}]:${line + 1}:${column + 1} - error ${codeName(problem)}${problem.message}`,
    `${gutter}${lines[line]}`,
    `${" ".repeat(gutter.length + column)}${"~".repeat(width)}`,
    ...(hint ? [`Hint: ${hint}`] : []),
  ];
}

function position(offset: number, lines: string[]): string {
  const { line, column } = lineAndColumn(offset, lines);
  return `line ${line + 1}:${column + 1}`;
}

/** Both from 0. */
export function lineAndColumn(offset: number, lines: string[]): { line: number; column: number } {
  let rest = offset;
  for (const [line, text] of lines.entries()) {
    if (rest <= text.length) return { line, column: rest };
    rest -= text.length + 1;
  }
  const last = lines.length - 1;
  return { line: last, column: lines[last].length };
}
