import type MagicString from "magic-string";
import type TS from "typescript";
import { ts } from "./typescript.ts";

/** `import` declarations, `import()` and `import.meta` do not exist in evaluated code: they become injected names. */
export function rewriteImports(source: TS.SourceFile, edits: MagicString): void {
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      edits.overwrite(statement.getStart(), statement.end, importCall(statement));
    }
  }
  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      edits.overwrite(node.expression.getStart(), node.expression.end, "__wcImport");
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      edits.overwrite(node.getStart(), node.end, "__wcMeta");
    }
    // Only the cell's own `Deno.jupyter`: packages look for Deno to find out where they run.
    if (ts.isPropertyAccessExpression(node) && node.getText() === "Deno.jupyter") {
      edits.overwrite(node.expression.getStart(), node.expression.end, "__wcDeno");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function importCall(statement: TS.ImportDeclaration): string {
  const clause = statement.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return ";";
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.filter((e) => !e.isTypeOnly) : [];
  const wanted = named.map((element) => [(element.propertyName ?? element.name).text, element.name.text]);
  if (clause?.name) wanted.unshift(["default", clause.name.text]);
  const call = `await __wcGuard(__wcImport(${callArguments(statement, wanted)}))`;
  if (bindings && ts.isNamespaceImport(bindings)) return namespaceImport(call, bindings.name.text, clause?.name?.text);
  if (wanted.length === 0) return `${call};`;
  return `let { ${wanted.map(([from, to]) => `${JSON.stringify(from)}: ${to}`).join(", ")} } = ${call};`;
}

function namespaceImport(call: string, name: string, defaultName: string | undefined): string {
  const namespace = `let ${name} = ${call};`;
  return defaultName === undefined ? namespace : `${namespace} let ${defaultName} = ${name}.default;`;
}

/** Specifier, attributes, and the names that must exist: as in a module, a missing export is an error, not undefined. */
function callArguments(statement: TS.ImportDeclaration, wanted: string[][]): string {
  const attributes = statement.attributes?.elements.map((e) => `${e.name.getText()}: ${e.value.getText()}`) ?? [];
  const options = attributes.length > 0 ? `{ with: { ${attributes.join(", ")} } }` : "undefined";
  return `${statement.moduleSpecifier.getText()}, ${options}, ${JSON.stringify(wanted.map(([from]) => from))}`;
}
