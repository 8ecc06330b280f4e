import type TS from "typescript";
import { declaredNames } from "./names.ts";
import { parseModule, syntaxProblems } from "./parse.ts";
import { ts } from "./typescript.ts";

/** A line for the shell may only be one that begins so; `!=` cannot. */
const BEGINS = /^[ \t]*!(?!=)/;
const NAMED = /^!\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
/** Words with which an expression goes on after `!`. */
const WORDS = new Set([
  "await",
  "false",
  "function",
  "new",
  "null",
  "super",
  "this",
  "true",
  "typeof",
  "undefined",
  "void",
]);

/**
 * Lines that begin with `!` become calls of the shell, as in IPython, unless they mean something in TypeScript: those
 * which do not parse, and those whose first name nobody has declared. Line numbers stay.
 */
export function shellLines(code: string, isKnown: (name: string) => boolean): string {
  if (!code.split("\n").some((line) => BEGINS.test(line))) return code;
  const lines = code.split("\n");
  for (;;) {
    const source = parseModule("cell.mts", lines.join("\n"));
    const line = brokenLine(source, lines) ?? unknownLine(source, isKnown);
    if (line === undefined) return lines.join("\n");
    callShell(lines, line);
  }
}

/** The line of the first syntax error, if it may be one for the shell. */
function brokenLine(source: TS.SourceFile, lines: string[]): number | undefined {
  const [problem] = syntaxProblems(source);
  if (!problem) return undefined;
  const { line } = source.getLineAndCharacterOfPosition(problem.start);
  return BEGINS.test(lines[line]) ? line : undefined;
}

/** The line of a statement `!name …` whose name is unknown. */
function unknownLine(source: TS.SourceFile, isKnown: (name: string) => boolean): number | undefined {
  if (syntaxProblems(source).length > 0) return undefined;
  const own = new Set(declaredNames(source).map(({ name }) => name));
  const found = source.statements.find((statement) => {
    const name = ts.isExpressionStatement(statement) && NAMED.exec(statement.getText())?.[1];
    return name && !WORDS.has(name) && !own.has(name) && !isKnown(name) && isAlone(source, statement);
  });
  return found && source.getLineAndCharacterOfPosition(found.getStart()).line;
}

/** Whether nothing but blanks stands before it on its line, and it ends there. */
function isAlone(source: TS.SourceFile, statement: TS.Statement): boolean {
  const start = source.getLineAndCharacterOfPosition(statement.getStart());
  const before = source.text.slice(statement.getStart() - start.character, statement.getStart());
  return before.trim() === "" && source.getLineAndCharacterOfPosition(statement.end).line === start.line;
}

/** A line that ends in a backslash goes on in the next one. */
function callShell(lines: string[], first: number): void {
  let last = first;
  while (lines[last].endsWith("\\") && last + 1 < lines.length) last++;
  const command = lines
    .slice(first, last + 1)
    .join("\n")
    .replace(BEGINS, "");
  const indent = /^[ \t]*/.exec(lines[first])?.[0] ?? "";
  lines[first] = `${indent}await __wcShell(${JSON.stringify(command)});`;
  lines.fill("", first + 1, last + 1);
}
