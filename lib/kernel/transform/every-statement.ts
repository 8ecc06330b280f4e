import type MagicString from "magic-string";
import type TS from "typescript";
import { CHECK } from "./interruptible.ts";
import { ts } from "./typescript.ts";

const { SyntaxKind } = ts;

const STATEMENTS = new Set([
  SyntaxKind.ExpressionStatement,
  SyntaxKind.VariableStatement,
  SyntaxKind.IfStatement,
  SyntaxKind.SwitchStatement,
  SyntaxKind.TryStatement,
  SyntaxKind.ReturnStatement,
  SyntaxKind.ThrowStatement,
]);

/**
 * Lets an interrupt stop code before each of its statements. For cells that run under a debugger: whoever interrupts
 * one that is paused does not want the rest of it to run. To be called after every other edit at statements' beginnings.
 */
export function checkEveryStatement(source: TS.SourceFile, edits: MagicString): void {
  const visit = (node: TS.Node): void => {
    if (STATEMENTS.has(node.kind) && isInList(node) && !isDirective(node)) edits.prependLeft(node.getStart(), CHECK);
    ts.forEachChild(node, visit);
  };
  visit(source);
  edits.append(`\n;${CHECK}`);
}

function isInList({ parent }: TS.Node): boolean {
  return ts.isSourceFile(parent) || ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent);
}

function isDirective(node: TS.Node): boolean {
  return ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);
}
