import type TS from "typescript";
import { ts } from "../transform/typescript.ts";
import type { CellModule } from "./cells.ts";
import { NOTED } from "./owners.ts";

/**
 * Those of the variables that a cell seems to make sure of something about, of which nothing more is known after it. A
 * cell that ends in a throw leaves nothing either.
 */
export function idleNotes(program: TS.Program, { fileName, guards }: CellModule): string[] {
  const statements = guards.length > 0 ? program.getSourceFile(fileName)?.statements : undefined;
  if (!statements) return [];
  const checker = program.getTypeChecker();
  return guards.filter((name) => {
    const at = statements.findLastIndex((statement) => notedBy(statement) === `${NOTED}${name}`);
    const variable = initializerOf(statements[at]);
    if (!variable) return false;
    const after = checker.getTypeAtLocation(variable);
    return (after.flags & ts.TypeFlags.Never) !== 0 || after === typeBefore(checker, variable, statements[at - 1]);
  });
}

/** What was known already: by the assertion before the note, or by the declaration. */
function typeBefore(checker: TS.TypeChecker, variable: TS.Expression, previous: TS.Statement): TS.Type | undefined {
  if (ts.isExpressionStatement(previous) && ts.isCallExpression(previous.expression)) {
    const [left] = previous.expression.typeArguments ?? [];
    const [argument] = previous.expression.arguments;
    if (left && argument?.getText() === variable.getText()) return checker.getTypeFromTypeNode(left);
  }
  const symbol = checker.getSymbolAtLocation(variable);
  return symbol && checker.getTypeOfSymbol(symbol);
}

function notedBy(statement: TS.Statement): string | undefined {
  const declaration = declarationOf(statement);
  return declaration && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
}

function initializerOf(statement: TS.Statement): TS.Expression | undefined {
  return declarationOf(statement)?.initializer;
}

function declarationOf(statement: TS.Statement | undefined): TS.VariableDeclaration | undefined {
  return statement && ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
}
