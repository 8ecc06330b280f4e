import type MagicString from "magic-string";
import type TS from "typescript";
import { isErased } from "./erased.ts";
import { bindingNames } from "./names.ts";
import { ts } from "./typescript.ts";

/**
 * A `var` belongs to the whole cell, however deep in blocks and loops it stands, and may be declared many times; as it
 * is it would become an undeletable global. It is declared at the front instead, and the `var` becomes an assignment.
 * Returns the names to declare.
 */
export function rewriteVars(source: TS.SourceFile, edits: MagicString): string[] {
  const names = new Set<string>();
  const visit = (node: TS.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const declaration of node.declarations) for (const name of bindingNames(declaration.name)) names.add(name);
      rewriteList(node, edits);
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) if (!isErased(statement)) visit(statement);
  return [...names];
}

function rewriteList(list: TS.VariableDeclarationList, edits: MagicString): void {
  const first = list.declarations[0];
  const inForHead = ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent);
  const pattern = !inForHead && list.declarations.some((declaration) => !ts.isIdentifier(declaration.name));
  edits.overwrite(list.getStart(), first.getStart(), pattern ? opening(list) : "");
  for (const { name, exclamationToken, type } of list.declarations) {
    if (type) edits.remove(exclamationToken?.pos ?? name.end, type.end);
  }
  if (pattern) edits.appendLeft(list.end, ")");
}

/** After a line without a semicolon a bracket would be taken for a call. */
function opening({ parent }: TS.VariableDeclarationList): string {
  const statement = ts.isVariableStatement(parent) ? parent : undefined;
  return statement && (ts.isSourceFile(statement.parent) || ts.isBlock(statement.parent)) ? ";(" : "(";
}
