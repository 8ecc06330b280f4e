import MagicString from "magic-string";
import type TS from "typescript";
import type { CellMaps } from "../protocol/executor.ts";
import { rewriteStatements } from "./bindings.ts";
import { cellOutput } from "./cell-output.ts";
import { emit } from "./emit.ts";
import { runnable } from "./emit-options.ts";
import { checkEveryStatement } from "./every-statement.ts";
import { rewriteImports } from "./imports.ts";
import { makeInterruptible } from "./interruptible.ts";
import { ownName } from "./own-name.ts";
import { renameOwn } from "./own-names.ts";
import { ts } from "./typescript.ts";

export interface RunnableCell {
  js: string;
  maps: CellMaps;
  /** Whether the last statement is an expression, whose value is the cell's. */
  hasValue: boolean;
}

export interface CellOptions {
  /** Of the notebook's project. */
  compiler?: TS.CompilerOptions;
  /** Names of global objects that cells have declared for themselves. */
  own?: ReadonlySet<string>;
  /** Whether a debugger may stop at any statement. */
  debugged?: boolean;
}

const MODULE_MARK = "\nexport {};\n";

/**
 * A parsed cell -> JavaScript for V8's REPL mode. Every top-level binding becomes a `let`, which REPL mode allows to
 * be declared again; functions move to the front, where hoisting would have put them; imports become awaited calls.
 */
export function transformCell(
  source: TS.SourceFile,
  { compiler = {}, own = new Set(), debugged = false }: CellOptions = {},
): RunnableCell {
  const edits = new MagicString(source.text);
  if (source.text.startsWith("#!")) edits.overwrite(0, 2, "//");
  const value = markValue(source, edits);
  renameOwn(source, edits, own);
  rewriteImports(source, edits, (name) => (own.has(name) ? ownName(name) : name));
  makeInterruptible(source, edits);
  rewriteStatements(source, edits, { legacyDecorators: compiler.experimentalDecorators === true, own });
  if (debugged) checkEveryStatement(source, edits);
  edits.prepend('"use strict";');
  const { js, map } = emit({
    ...{ fileName: source.fileName, text: edits.toString() + MODULE_MARK },
    options: { ...runnable(compiler), module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, noEmitHelpers: true },
    after: [cellOutput],
  });
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
