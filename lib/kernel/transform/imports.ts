import type MagicString from "magic-string";
import type TS from "typescript";
import { ts } from "./typescript.ts";

/** `import` declarations do not exist in evaluated code: they become calls of injected functions. */
export function rewriteImports(source: TS.SourceFile, edits: MagicString, binding: Binding): void {
  for (const statement of source.statements) {
    const call = ts.isImportDeclaration(statement) ? importCall(statement, binding) : equalsCall(statement, binding);
    if (call !== undefined) edits.overwrite(statement.getStart(), statement.end, call);
  }
  rewriteDynamicImports(source, edits);
}

/** Name in the cell's text -> that of its variable. */
type Binding = (name: string) => string;

/** Nor do `import()` and `import.meta`. */
export function rewriteDynamicImports(source: TS.SourceFile, edits: MagicString): void {
  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
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

/** Export and the name it gets in the cell. */
type Wanted = [exported: string, local: string];

function importCall(statement: TS.ImportDeclaration, binding: Binding): string {
  const clause = statement.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return ";";
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.filter((e) => !e.isTypeOnly) : [];
  if (bindings && ts.isNamedImports(bindings) && named.length === 0 && bindings.elements.length > 0 && !clause?.name) {
    return ";";
  }
  const wanted: Wanted[] = named.map((element) => [(element.propertyName ?? element.name).text, element.name.text]);
  if (clause?.name) wanted.unshift(["default", clause.name.text]);
  const call = `await __wcGuard(__wcImport(${callArguments(statement, wanted, binding)}))`;
  if (bindings && ts.isNamespaceImport(bindings)) {
    return namespaceImport(call, binding(bindings.name.text), clause?.name && binding(clause.name.text));
  }
  if (wanted.length === 0) return `${call};`;
  const pattern = wanted.map(([from, to]) => `${JSON.stringify(from)}: ${binding(to)}`).join(", ");
  return `let ${wanted.map(([, to]) => binding(to)).join(", ")}; ({ ${pattern} } = ${call});`;
}

function namespaceImport(call: string, name: string, defaultName: string | undefined): string {
  const namespace = `let ${name} = ${call};`;
  return defaultName === undefined ? namespace : `${namespace} let ${defaultName} = ${name}.default;`;
}

/**
 * Specifier, attributes, and for each name that must exist how to set it: a missing export is an error, as in a
 * module, and an export that changes later changes here.
 */
function callArguments(statement: TS.ImportDeclaration, wanted: Wanted[], binding: Binding): string {
  const attributes = statement.attributes?.elements.map((e) => `${e.name.getText()}: ${e.value.getText()}`) ?? [];
  const options = attributes.length > 0 ? `{ with: { ${attributes.join(", ")} } }` : "undefined";
  const setters = wanted.map(
    ([from, to]) => `[${JSON.stringify(from)}, ${JSON.stringify(to)}, (__wcValue) => { ${binding(to)} = __wcValue; }]`,
  );
  return `${statement.moduleSpecifier.getText()}, ${options}, [${setters.join(", ")}]`;
}

/** `import x = require("y")` and `import x = A.B`. */
function equalsCall(statement: TS.Statement, binding: Binding): string | undefined {
  if (!ts.isImportEqualsDeclaration(statement)) return undefined;
  if (statement.isTypeOnly) return ";";
  const { name, moduleReference } = statement;
  const value = ts.isExternalModuleReference(moduleReference)
    ? `__wcRequire(${moduleReference.expression.getText()})`
    : moduleReference.getText();
  return `let ${binding(name.text)} = ${value};`;
}
