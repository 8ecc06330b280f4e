import type TS from "typescript";
import { ts } from "./typescript.ts";

/**
 * A cell's text as the type checker sees it: `export`s that nobody could import are spaces, since all names of a cell
 * are exported after it; every other character stays where it is.
 */
export function checkText(source: TS.SourceFile): string {
  const { text } = source;
  const spans = source.statements.flatMap((statement) => exportSpans(statement));
  if (text.startsWith("#!")) spans.push({ from: 0, to: 2, by: "//" });
  let result = text;
  for (const { from, to, by } of spans) {
    const blank = by ?? text.slice(from, to).replace(/\S/g, " ");
    result = result.slice(0, from) + blank + result.slice(to);
  }
  return result;
}

interface Span {
  from: number;
  to: number;
  by?: string;
}

function exportSpans(statement: TS.Statement): Span[] {
  if (ts.isExportDeclaration(statement)) {
    return statement.moduleSpecifier ? [] : [{ from: statement.getStart(), to: statement.end }];
  }
  if (ts.isExportAssignment(statement)) return [{ from: statement.getStart(), to: statement.expression.getStart() }];
  if (!ts.canHaveModifiers(statement)) return [];
  const { ExportKeyword, DefaultKeyword } = ts.SyntaxKind;
  const exported = (ts.getModifiers(statement) ?? []).filter((m) => [ExportKeyword, DefaultKeyword].includes(m.kind));
  const isNameless = "name" in statement && statement.name === undefined;
  return isNameless ? [] : exported.map((modifier) => ({ from: modifier.getStart(), to: modifier.end }));
}
