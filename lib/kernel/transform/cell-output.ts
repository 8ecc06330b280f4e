import type TS from "typescript";
import { bindingNames } from "./names.ts";
import { ts } from "./typescript.ts";

/**
 * What the compiler adds to a cell, turned into what a cell may hold: the import of JSX's runtime becomes a call, and
 * the `var` of an enum or namespace becomes a `let` at the front. Enums and namespaces of one name make one object,
 * and add to what the name holds; with a new `let` each run of a cell begins with none.
 */
export const cellOutput: TS.TransformerFactory<TS.SourceFile> =
  ({ factory }) =>
  (source) => {
    const others = new Set(source.statements.filter((each) => !isMergedVar(each)).flatMap(namesOf));
    const merged = source.statements.filter(isMergedVar).filter((each) => !namesOf(each).some((n) => others.has(n)));
    const statements = source.statements.flatMap((statement): TS.Statement[] => {
      if (ts.isImportDeclaration(statement)) return [importCall(statement, factory)];
      return isMergedVar(statement) ? [] : [statement];
    });
    const directives = statements.filter(isDirective);
    const code = statements.filter((statement) => !isDirective(statement));
    const front = merged.map(({ declarationList }) => letOf(declarationList.declarations, factory));
    return factory.updateSourceFile(source, [...directives, ...front, ...code]);
  };

function isDirective(statement: TS.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function isMergedVar(statement: TS.Statement): statement is TS.VariableStatement {
  if (!ts.isVariableStatement(statement)) return false;
  const original = ts.getOriginalNode(statement);
  return ts.isEnumDeclaration(original) || ts.isModuleDeclaration(original);
}

/** A class or function that an enum or namespace adds to has its name from itself. */
function namesOf(statement: TS.Statement): string[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
}

function letOf(declarations: readonly TS.VariableDeclaration[], factory: TS.NodeFactory): TS.VariableStatement {
  const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let);
  return factory.createVariableStatement(undefined, list);
}

/** `import { jsx as _jsx } from "…"` -> `let { jsx: _jsx } = await __wcGuard(__wcImport("…"))` */
function importCall(statement: TS.ImportDeclaration, factory: TS.NodeFactory): TS.Statement {
  const call = (name: string, argument: TS.Expression) =>
    factory.createCallExpression(factory.createIdentifier(name), undefined, [argument]);
  const imported = factory.createAwaitExpression(call("__wcGuard", call("__wcImport", statement.moduleSpecifier)));
  const bindings = statement.importClause?.namedBindings as TS.NamedImports;
  const elements = bindings.elements.map(({ propertyName, name }) =>
    factory.createBindingElement(undefined, propertyName as TS.Identifier | undefined, name),
  );
  const pattern = factory.createObjectBindingPattern(elements);
  return letOf([factory.createVariableDeclaration(pattern, undefined, undefined, imported)], factory);
}
