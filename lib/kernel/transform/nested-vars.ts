import type MagicString from "magic-string";
import type TS from "typescript";
import { bindingNames } from "./names.ts";
import { ts } from "./typescript.ts";

/**
 * `var` inside a top-level block or loop belongs to the whole cell, and would become an undeletable global. It is
 * declared at the front instead, and the `var` becomes an assignment. Returns the names to declare.
 */
export function rewriteNestedVars(source: TS.SourceFile, edits: MagicString): string[] {
  const names = new Set<string>();
  const visit = (node: TS.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && isNestedVar(node)) {
      for (const declaration of node.declarations) for (const name of bindingNames(declaration.name)) names.add(name);
      rewriteList(node, edits);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...names];
}

function isNestedVar(list: TS.VariableDeclarationList): boolean {
  if ((list.flags & ts.NodeFlags.BlockScoped) !== 0) return false;
  return !(ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent));
}

function rewriteList(list: TS.VariableDeclarationList, edits: MagicString): void {
  const first = list.declarations[0];
  const inForHead = ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent);
  const pattern = !inForHead && list.declarations.some((declaration) => !ts.isIdentifier(declaration.name));
  edits.overwrite(list.getStart(), first.getStart(), pattern ? "(" : "");
  for (const { name, type } of list.declarations) {
    if (type) edits.remove(name.end, type.end);
  }
  if (pattern) edits.appendLeft(list.end, ")");
}
