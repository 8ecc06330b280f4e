import type TS from "typescript";
import { ts } from "./typescript.ts";

/** What a cell declares under a name, as far as a later cell's declaration of it must differ. */
export type Kind = "let" | "const" | "function" | "class" | "type" | "import";

export interface Declared {
  name: string;
  kind: Kind;
  /** For imports: the declaration that brings exactly this name into another module. */
  importText?: string;
}

export function bindingNames(name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bindingNames(element.name) : []));
}

/** The names a cell leaves behind for later cells. */
export function declaredNames(source: TS.SourceFile): Declared[] {
  const nested = nestedVars(source).map((name): Declared => ({ name, kind: "let" }));
  return [...nested, ...source.statements.flatMap(declaredBy)];
}

function declaredBy(statement: TS.Statement): Declared[] {
  if (ts.isVariableStatement(statement)) {
    const kind = statement.declarationList.flags & ts.NodeFlags.Const ? "const" : "let";
    const names = statement.declarationList.declarations.flatMap((declaration) => bindingNames(declaration.name));
    return names.map((name) => ({ name, kind }));
  }
  if (ts.isImportDeclaration(statement)) return importedNames(statement);
  if (ts.isImportEqualsDeclaration(statement)) return [importEquals(statement)];
  if ((statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0) return [];
  const named = statement as Partial<TS.NamedDeclaration> & TS.Statement;
  if (!named.name || !ts.isIdentifier(named.name)) return [];
  if (ts.isFunctionDeclaration(statement)) return [{ name: named.name.text, kind: "function" }];
  if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
    return [{ name: named.name.text, kind: "class" }];
  }
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return isType ? [{ name: named.name.text, kind: "type" }] : [];
}

/** `import x = require("y")` and `import x = A.B`. */
function importEquals(statement: TS.ImportEqualsDeclaration): Declared {
  const name = statement.name.text;
  if (!ts.isExternalModuleReference(statement.moduleReference)) return { name, kind: "class" };
  return { name, kind: "import", importText: `${statement.getText().replace(/^export\s+/, "")};` };
}

function importedNames(statement: TS.ImportDeclaration): Declared[] {
  const clause = statement.importClause;
  if (!clause) return [];
  const module = statement.moduleSpecifier.getText();
  const attributes = statement.attributes ? ` ${statement.attributes.getText()}` : "";
  const type = clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type " : "";
  const declare = (name: string, what: string): Declared => ({
    name,
    kind: "import",
    importText: `import ${type}${what} from ${module}${attributes};`,
  });
  const names = clause.name ? [declare(clause.name.text, clause.name.text)] : [];
  const bindings = clause.namedBindings;
  if (!bindings) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, declare(bindings.name.text, `* as ${bindings.name.text}`)];
  return [...names, ...bindings.elements.map((e) => declare(e.name.text, `{ ${e.getText()} }`))];
}

function nestedVars(source: TS.SourceFile): string[] {
  const names: string[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclaration(node) && (node.parent.flags & ts.NodeFlags.BlockScoped) === 0) {
      names.push(...bindingNames(node.name));
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) if (!ts.isVariableStatement(statement)) visit(statement);
  return [...new Set(names)];
}

/** Every identifier in the text: a superset of the names it uses from outside. */
export function usedNames(source: TS.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}
