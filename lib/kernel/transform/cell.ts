import MagicString from "magic-string";
import type TS from "typescript";
import type { CellMaps } from "../protocol/executor.ts";
import { rewriteStatements } from "./bindings.ts";
import { emit } from "./emit.ts";
import { checkEveryStatement } from "./every-statement.ts";
import { rewriteImports } from "./imports.ts";
import { makeInterruptible } from "./interruptible.ts";
import { ts } from "./typescript.ts";

export interface RunnableCell {
  js: string;
  maps: CellMaps;
  /** Whether the last statement is an expression, whose value is the cell's. */
  hasValue: boolean;
}

const MODULE_MARK = "\nexport {};\n";

/**
 * A parsed cell -> JavaScript for V8's REPL mode. Every top-level binding becomes a `let`, which REPL mode allows to
 * be declared again; functions move to the front, where hoisting would have put them; imports become awaited calls.
 */
export function transformCell(source: TS.SourceFile, { debugged = false } = {}): RunnableCell {
  const edits = new MagicString(source.text);
  const value = markValue(source, edits);
  rewriteImports(source, edits);
  makeInterruptible(source, edits);
  rewriteStatements(source, edits);
  if (debugged) checkEveryStatement(source, edits);
  edits.prepend('"use strict";');
  const { js, map } = emit(source.fileName, edits.toString() + MODULE_MARK);
  const editMap = edits.generateMap({ hires: "boundary" }).toString();
  return { js: js.replace(/export \{\};\s*$/, ""), maps: { emit: map, edits: editMap }, hasValue: value };
}

function markValue(source: TS.SourceFile, edits: MagicString): boolean {
  const last = source.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return false;
  edits.prependLeft(last.expression.getStart(), "__wcCell.value = (");
  edits.appendRight(last.expression.end, ")");
  return true;
}

/** An expression of a front-end's `user_expressions` -> JavaScript that leaves its value where a cell's goes. */
export function transformExpression(source: TS.SourceFile): string {
  return `"use strict"; ${transformCell(source).js.replace('"use strict";', "")}`;
}
