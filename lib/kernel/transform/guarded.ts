import type TS from "typescript";
import { bindingNames } from "./names.ts";
import { ts } from "./typescript.ts";

/**
 * Names of which a cell's statements may make sure of something: by a condition, after which a branch may have ended
 * the cell; by being handed to a function, which may be an assertion; by a value that says more than a constant's type.
 * Whether they did, the type checker knows afterwards.
 */
export function guardedNames(source: TS.SourceFile): Set<string> {
  const names = new Set<string>();
  const collect = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, collect);
  };
  const visit = (statement: TS.Statement): void => {
    conditionsOf(statement).forEach(collect);
    branchesOf(statement).forEach(visit);
    for (const name of typedConstants(statement)) names.add(name);
  };
  source.statements.forEach(visit);
  return names;
}

function conditionsOf(statement: TS.Statement): readonly TS.Expression[] {
  if (ts.isIfStatement(statement) || ts.isWhileStatement(statement) || ts.isDoStatement(statement)) {
    return [statement.expression];
  }
  if (ts.isSwitchStatement(statement)) return [statement.expression];
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return [];
  const { expression, arguments: given } = statement.expression;
  return rootOf(expression) === "console" ? [] : given;
}

/** Statements after which what they made sure of still holds. */
function branchesOf(statement: TS.Statement): readonly TS.Statement[] {
  if (ts.isBlock(statement)) return statement.statements;
  if (ts.isTryStatement(statement)) return [statement.tryBlock];
  if (ts.isLabeledStatement(statement)) return [statement.statement];
  if (!ts.isIfStatement(statement)) return [];
  return statement.elseStatement ? [statement.thenStatement, statement.elseStatement] : [statement.thenStatement];
}

function typedConstants(statement: TS.Statement): string[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, type }) => (type ? bindingNames(name) : []));
}

function rootOf(callee: TS.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(callee)) return rootOf(callee.expression);
  return ts.isIdentifier(callee) ? callee.text : undefined;
}
