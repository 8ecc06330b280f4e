import type TS from "typescript";
import { ts } from "./typescript.ts";

/** Names that top-level guards speak of: after `if (x === undefined) throw …` and `assert(x)` more is known of `x`. */
export function guardedNames(source: TS.SourceFile): Set<string> {
  const names = new Set<string>();
  const collect = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, collect);
  };
  for (const statement of source.statements) {
    if (ts.isIfStatement(statement) && [statement.thenStatement, statement.elseStatement].some(throws)) {
      collect(statement.expression);
    }
    if (ts.isExpressionStatement(statement) && isAssertion(statement.expression)) collect(statement.expression);
  }
  return names;
}

function throws(branch: TS.Statement | undefined): boolean {
  const last = branch && ts.isBlock(branch) ? branch.statements.at(-1) : branch;
  return last !== undefined && ts.isThrowStatement(last);
}

function isAssertion(expression: TS.Expression): boolean {
  return ts.isCallExpression(expression) && /assert|invariant|ensure/i.test(expression.expression.getText());
}
