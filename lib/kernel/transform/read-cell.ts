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
  const object = beginsWithBrace(code) ? readObject(code) : undefined;
  if (object) return object;
  const plain = read(code, ts.ScriptKind.TS);
  if (plain.problems.length === 0 || !/<[\w>]/.test(code)) return plain;
  const withJsx = read(code, ts.ScriptKind.TSX);
  return withJsx.problems.length === 0 ? withJsx : plain;
}

/** Comments may stand before it. */
function beginsWithBrace(code: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, code);
  return scanner.scan() === ts.SyntaxKind.OpenBraceToken;
}

/** An object, perhaps with a type, a semicolon or a comment after it. */
function readObject(code: string): CellText | undefined {
  const whole = read(`(${code}\n)`, ts.ScriptKind.TS);
  const semicolon = (whole.problems[0]?.start ?? 0) - 1;
  const ends = code[semicolon] === ";";
  const object = ends ? read(`(${code.slice(0, semicolon)})${code.slice(semicolon)}`, ts.ScriptKind.TS) : whole;
  return object.problems.length === 0 && isObject(object.source) ? { ...object, shift: 1 } : undefined;
}

/** `{ x = 1 }` is a block that assigns: in an object this is no value. */
function isObject({ statements }: TS.SourceFile): boolean {
  const [first, ...others] = statements;
  if (others.some((statement) => !ts.isEmptyStatement(statement)) || !ts.isExpressionStatement(first)) return false;
  let inner = first.expression;
  while (ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner)) {
    inner = inner.expression;
  }
  if (!ts.isObjectLiteralExpression(inner)) return false;
  return !inner.properties.some((each) => ts.isShorthandPropertyAssignment(each) && each.objectAssignmentInitializer);
}

function read(text: string, kind: TS.ScriptKind): CellText {
  const source = parseModule(kind === ts.ScriptKind.TSX ? "cell.tsx" : "cell.ts", text, kind);
  return { source, problems: syntaxProblems(source), shift: 0 };
}
