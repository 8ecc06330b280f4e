import type TS from "typescript";
import type { Guard } from "../protocol/language.ts";
import { ts } from "../transform/typescript.ts";

/** Calls whose arguments may throw, or reject, without that being an error that nobody handles. */
const EXPECTING = new Set(["allSettled", "rejects", "throws", "doesNotReject", "doesNotThrow"]);

/** Where running code handles errors: try blocks with a catch clause, and promises with a handler. Inner ones first. */
export function guards(js: string): Guard[] {
  const source = ts.createSourceFile("script.js", js, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const found: Guard[] = [];
  const visit = (node: TS.Node): void => {
    ts.forEachChild(node, visit);
    if (ts.isFunctionLike(node)) found.push(rangeOf(source, node, "function"));
    if (ts.isTryStatement(node) && node.catchClause) found.push(rangeOf(source, node.tryBlock, "try"));
    for (const promise of handledPromises(node)) found.push(rangeOf(source, promise, "promise"));
  };
  visit(source);
  return found;
}

function handledPromises(node: TS.Node): readonly TS.Node[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression, name } = node.expression;
  if (name.text === "catch" || (name.text === "then" && node.arguments.length > 1)) return [expression];
  return EXPECTING.has(name.text) ? node.arguments : [];
}

function rangeOf(source: TS.SourceFile, node: TS.Node, kind: Guard["kind"]): Guard {
  const [start, end] = [node.getStart(), node.end].map((offset) => {
    const { line, character } = source.getLineAndCharacterOfPosition(offset);
    return { lineNumber: line, columnNumber: character };
  });
  return { start, end, kind };
}
