import type MagicString from "magic-string";
import type TS from "typescript";
import { rewriteNestedVars } from "./nested-vars.ts";
import { ts } from "./typescript.ts";

/** Rewrites a cell's top-level statements to what V8's REPL mode can evaluate again and again. */
export function rewriteStatements(source: TS.SourceFile, edits: MagicString): void {
  for (const statement of source.statements) rewriteStatement(statement, edits);
  const hoisted = rewriteNestedVars(source, edits);
  if (hoisted.length > 0) edits.prepend(`let ${hoisted.join(", ")};`);
}

function rewriteStatement(statement: TS.Statement, edits: MagicString): void {
  if (isErased(statement)) remove(statement, edits);
  else if (ts.isVariableStatement(statement)) rewriteVariables(statement, edits);
  else if (ts.isFunctionDeclaration(statement)) rewriteFunction(statement, edits);
  else if (ts.isClassDeclaration(statement)) rewriteClass(statement, edits);
  else if (ts.isEnumDeclaration(statement)) rewriteEnum(statement, edits);
  else if (ts.isExportAssignment(statement)) edits.remove(statement.getStart(), statement.expression.getStart());
}

/** Statements that exist for the type checker alone, or whose exports nobody could import. */
function isErased(statement: TS.Statement): boolean {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
  if (ts.isExportDeclaration(statement)) return true;
  if (ts.isFunctionDeclaration(statement) && !statement.body) return true;
  return has(statement, ts.SyntaxKind.DeclareKeyword);
}

function has(statement: TS.Statement, kind: TS.SyntaxKind): boolean {
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some((m) => m.kind === kind);
}

function remove(statement: TS.Statement, edits: MagicString): void {
  edits.overwrite(statement.getStart(), statement.end, ";");
}

function rewriteVariables(statement: TS.VariableStatement, edits: MagicString): void {
  const list = statement.declarationList;
  edits.overwrite(statement.getStart(), list.declarations[0].getStart(), "let ");
}

/** `function f() {}` -> `let f = function () {};` at the front; the name is inferred, calls go through the binding. */
function rewriteFunction(statement: TS.FunctionDeclaration, edits: MagicString): void {
  if (!statement.name) {
    dropModifiers(statement, edits, [ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DefaultKeyword]);
    return;
  }
  dropModifiers(statement, edits, [ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DefaultKeyword]);
  edits.prependRight(statement.getStart(), `let ${statement.name.text} = `);
  edits.remove(statement.name.getStart(), statement.name.end);
  edits.appendLeft(statement.end, ";");
  if (statement.getStart() > 0) edits.move(statement.getStart(), statement.end, 0);
}

function rewriteClass(statement: TS.ClassDeclaration, edits: MagicString): void {
  const { AbstractKeyword, ExportKeyword, DefaultKeyword } = ts.SyntaxKind;
  dropModifiers(statement, edits, [AbstractKeyword, ExportKeyword, DefaultKeyword]);
  if (!statement.name) return;
  edits.prependRight(statement.getStart(), `let ${statement.name.text} = `);
  edits.appendLeft(statement.end, ";");
}

function rewriteEnum(statement: TS.EnumDeclaration, edits: MagicString): void {
  const name = statement.name.text;
  dropModifiers(statement, edits, [ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.ConstKeyword]);
  edits.prependRight(statement.getStart(), `let ${name} = (() => { `);
  edits.appendLeft(statement.end, ` return ${name}; })();`);
}

function dropModifiers(statement: TS.Statement, edits: MagicString, kinds: TS.SyntaxKind[]): void {
  for (const modifier of (ts.canHaveModifiers(statement) && ts.getModifiers(statement)) || []) {
    if (kinds.includes(modifier.kind)) edits.remove(modifier.getStart(), modifier.end);
  }
}
