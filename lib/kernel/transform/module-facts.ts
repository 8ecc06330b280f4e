import type TS from "typescript";
import { bindingNames } from "./names.ts";
import { ts } from "./typescript.ts";

/** What the executor needs to know of a file before it runs it. */
export interface ModuleFacts {
  /** Specifiers in its text, types' and dynamic ones included: what a change of it may come from. */
  imports: string[];
  /** Whether it has the syntax of ES modules. */
  isModule: boolean;
  /** Whether it awaits at its top level. */
  awaits: boolean;
  /** Exported variables that may change: who imported one sees it. */
  variables: string[];
}

export function moduleFacts(source: TS.SourceFile): ModuleFacts {
  const awaits = awaitsAtTop(source);
  const isModule = awaits || source.statements.some(isModuleSyntax) || usesImportMeta(source);
  return { imports: importedSpecifiers(source), isModule, awaits, variables: exportedVariables(source) };
}

function isModuleSyntax(statement: TS.Statement): boolean {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return true;
  if (ts.isExportAssignment(statement)) return !statement.isExportEquals;
  return isExported(statement);
}

function isExported(statement: TS.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function some(node: TS.Node, wanted: (node: TS.Node) => boolean, skip: (node: TS.Node) => boolean): boolean {
  if (wanted(node)) return true;
  return ts.forEachChild(node, (child) => (skip(child) ? undefined : some(child, wanted, skip) || undefined)) ?? false;
}

function awaitsAtTop(source: TS.SourceFile): boolean {
  const awaits = (node: TS.Node) =>
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing);
  return some(source, awaits, ts.isFunctionLike);
}

function usesImportMeta(source: TS.SourceFile): boolean {
  const isMeta = (node: TS.Node) => ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
  return some(source, isMeta, ts.isTypeNode);
}

function importedSpecifiers(source: TS.SourceFile): string[] {
  const found = new Set<string>();
  const visit = (node: TS.Node): void => {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) found.add(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found];
}

function specifierOf(node: TS.Node): TS.Expression | undefined {
  if (ts.isImportDeclaration(node)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? undefined : node.moduleSpecifier;
  }
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? undefined : node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const isRequire = ts.isIdentifier(expression) && expression.text === "require";
  return isRequire || expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
}

function exportedVariables(source: TS.SourceFile): string[] {
  const declared = source.statements.filter(ts.isVariableStatement).filter(isVariable);
  const own = (statement: TS.VariableStatement) =>
    statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
  const locals = new Set(declared.flatMap(own));
  const direct = declared.filter(isExported).flatMap(own);
  const listed = source.statements.filter(ts.isExportDeclaration).flatMap(({ exportClause, moduleSpecifier }) => {
    if (moduleSpecifier || !exportClause || !ts.isNamedExports(exportClause)) return [];
    const elements = exportClause.elements.filter((e) => locals.has((e.propertyName ?? e.name).text));
    return elements.map(({ name }) => name.text);
  });
  return [...new Set([...direct, ...listed])];
}

function isVariable({ declarationList }: TS.VariableStatement): boolean {
  return (declarationList.flags & ts.NodeFlags.Const) === 0;
}
