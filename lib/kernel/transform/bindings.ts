import type MagicString from "magic-string";
import type TS from "typescript";
import { isErased } from "./erased.ts";
import { ownName } from "./own-name.ts";
import { ts } from "./typescript.ts";
import { rewriteVars } from "./vars.ts";

export interface BindingOptions {
  /** Whether decorators are TypeScript's older ones, which only class declarations may have. */
  legacyDecorators: boolean;
  /** Names that are kept under another one. */
  own: ReadonlySet<string>;
}

/** Rewrites a cell's top-level statements to what V8's REPL mode can evaluate again and again. */
export function rewriteStatements(source: TS.SourceFile, edits: MagicString, options: BindingOptions): void {
  const functions = new Map<string, TS.Statement>();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.body) functions.set(statement.name?.text ?? "", statement);
  }
  for (const statement of source.statements) {
    const last = ts.isFunctionDeclaration(statement) && functions.get(statement.name?.text ?? "");
    if (last && last !== statement) remove(statement, edits);
    else rewriteStatement(statement, edits, options);
  }
  const hoisted = rewriteVars(source, edits).map((name) => (options.own.has(name) ? ownName(name) : name));
  if (hoisted.length > 0) edits.prepend(`let ${hoisted.join(", ")};`);
}

function rewriteStatement(statement: TS.Statement, edits: MagicString, options: BindingOptions): void {
  if (isErased(statement)) remove(statement, edits);
  else if (ts.isVariableStatement(statement)) rewriteVariables(statement, edits);
  else if (ts.isFunctionDeclaration(statement)) rewriteFunction(statement, edits, options);
  else if (ts.isClassDeclaration(statement)) rewriteClass(statement, edits, options);
  else if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) dropExport(statement, edits);
  else if (ts.isExportDeclaration(statement)) rewriteReexport(statement, edits);
  else if (ts.isExportAssignment(statement)) edits.remove(statement.getStart(), statement.expression.getStart());
}

function remove(statement: TS.Statement, edits: MagicString): void {
  edits.overwrite(statement.getStart(), statement.end, ";");
}

/** `const` and `let`; those of `var` are declared at the front. */
function rewriteVariables(statement: TS.VariableStatement, edits: MagicString): void {
  const list = statement.declarationList;
  if ((list.flags & ts.NodeFlags.BlockScoped) === 0) dropExport(statement, edits);
  else edits.overwrite(statement.getStart(), list.declarations[0].getStart(), "let ");
}

/** `function f() {}` -> `let f = function () {};` at the front; the name is inferred, calls go through the binding. */
function rewriteFunction(statement: TS.FunctionDeclaration, edits: MagicString, { own }: BindingOptions): void {
  dropExport(statement, edits);
  if (!statement.name) {
    parenthesise(statement, edits);
    return;
  }
  const name = statement.name.text;
  edits.prependRight(statement.getStart(), `let ${own.has(name) ? ownName(name) : name} = `);
  if (!own.has(name)) edits.remove(statement.name.getStart(), statement.name.end);
  edits.appendLeft(statement.end, ";");
  if (statement.getStart() > 0) edits.move(statement.getStart(), statement.end, 0);
}

function rewriteClass(
  statement: TS.ClassDeclaration,
  edits: MagicString,
  { legacyDecorators, own }: BindingOptions,
): void {
  dropModifiers(statement, edits, [ts.SyntaxKind.AbstractKeyword]);
  dropExport(statement, edits);
  if (!statement.name) {
    parenthesise(statement, edits);
    return;
  }
  const name = statement.name.text;
  const wrapped = legacyDecorators && isDecorated(statement);
  const binding = own.has(name) ? ownName(name) : name;
  edits.prependRight(statement.getStart(), wrapped ? `let ${binding} = (() => { ` : `let ${binding} = `);
  edits.appendLeft(statement.end, wrapped ? ` return ${name}; })();` : ";");
}

function isDecorated(node: TS.ClassDeclaration): boolean {
  const own = (each: TS.Node) => ts.canHaveDecorators(each) && (ts.getDecorators(each)?.length ?? 0) > 0;
  const parameters = (member: TS.ClassElement) =>
    ts.isFunctionLike(member) ? member.parameters.some((parameter) => own(parameter)) : false;
  return own(node) || node.members.some((member) => own(member) || parameters(member));
}

function rewriteReexport(statement: TS.ExportDeclaration, edits: MagicString): void {
  edits.overwrite(
    statement.getStart(),
    statement.end,
    `await __wcGuard(__wcImport(${statement.moduleSpecifier?.getText()}));`,
  );
}

function parenthesise(statement: TS.Statement, edits: MagicString): void {
  edits.prependRight(statement.getStart(), "(");
  edits.appendLeft(statement.end, ");");
}

function dropExport(statement: TS.Statement, edits: MagicString): void {
  dropModifiers(statement, edits, [ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DefaultKeyword]);
}

function dropModifiers(statement: TS.Statement, edits: MagicString, kinds: TS.SyntaxKind[]): void {
  for (const modifier of (ts.canHaveModifiers(statement) && ts.getModifiers(statement)) || []) {
    if (kinds.includes(modifier.kind)) edits.remove(modifier.getStart(), modifier.end);
  }
}
