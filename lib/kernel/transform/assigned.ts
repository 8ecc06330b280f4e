import type TS from "typescript";
import { bindingNames } from "./names.ts";
import { ts } from "./typescript.ts";

/** Variables that the text gives a value, wherever in it. */
export function assignedNames(source: TS.SourceFile): Set<string> {
  const names = new Set<string>();
  const targets = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    else if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node))
      ts.forEachChild(node, targets);
  };
  const visit = (node: TS.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) for (const name of bindingNames(node.name)) names.add(name);
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) targets(node.left);
    if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator)) {
      targets(node.operand);
    }
    if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function isAssignment(kind: TS.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isStep(operator: TS.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}
