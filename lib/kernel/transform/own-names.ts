import type MagicString from "magic-string";
import type TS from "typescript";
import { isErased } from "./erased.ts";
import { ownName } from "./own-name.ts";
import { ts } from "./typescript.ts";

/** Names of the global objects that code may rely on. */
export function globalNames(): Set<string> {
  return new Set(Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith("__wc")));
}

const bindSourceFile = (ts as unknown as { bindSourceFile: (file: TS.SourceFile, options: TS.CompilerOptions) => void })
  .bindSourceFile;

/** Renames the cells' own names where they mean the cells', not a parameter or variable further in. */
export function renameOwn(source: TS.SourceFile, edits: MagicString, own: ReadonlySet<string>): void {
  if (own.size === 0) return;
  bindSourceFile(source, {});
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) {
      if (own.has(node.text) && isReference(node) && !isLocal(node)) rename(node, edits);
      return;
    }
    if (ts.isTypeNode(node)) {
      if (ts.isExpressionWithTypeArguments(node) && isBaseClass(node)) visit(node.expression);
      return;
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) if (!isErased(statement) && !isImport(statement)) visit(statement);
}

function rename(node: TS.Identifier, edits: MagicString): void {
  const { parent, text } = node;
  const isShort =
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isBindingElement(parent) && !parent.propertyName && !parent.dotDotDotToken && isIn(parent));
  edits.update(node.getStart(), node.end, isShort ? `${text}: ${ownName(text)}` : ownName(text));
}

function isIn(element: TS.BindingElement): boolean {
  return ts.isObjectBindingPattern(element.parent);
}

function isImport(statement: TS.Statement): boolean {
  return ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
}

function isBaseClass({ parent }: TS.ExpressionWithTypeArguments): boolean {
  return ts.isHeritageClause(parent) && parent.token === ts.SyntaxKind.ExtendsKeyword && ts.isClassLike(parent.parent);
}

/** Whether the identifier stands for a variable: not for a property, a label, or a name that a declaration keeps. */
function isReference(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isJsxOpeningLikeElement(parent) || ts.isJsxClosingElement(parent)) return /^[A-Z]/.test(node.text);
  if (ts.isJsxAttribute(parent) || ts.isMetaProperty(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  const isNamed =
    ts.isFunctionLike(parent) || ts.isClassLike(parent) || ts.isPropertyAssignment(parent) || ts.isEnumMember(parent);
  if (isNamed || ts.isPropertyDeclaration(parent)) return parent.name !== node;
  return true;
}

interface Scope extends TS.Node {
  locals?: Map<string, unknown>;
  symbol?: { exports?: Map<string, unknown> };
  name?: TS.Node;
}

function isLocal(node: TS.Identifier): boolean {
  const key = ts.escapeLeadingUnderscores(node.text) as string;
  for (let at = node.parent as Scope; !ts.isSourceFile(at); at = at.parent as Scope) {
    if (at.locals?.has(key)) return true;
    const isNamed = ts.isFunctionExpression(at) || ts.isClassExpression(at);
    if (isNamed && at.name && ts.isIdentifier(at.name) && at.name.text === node.text) return true;
    const holdsMembers = ts.isModuleDeclaration(at) || ts.isEnumDeclaration(at);
    if (holdsMembers && at.name !== node && (at as Scope).symbol?.exports?.has(key)) return true;
  }
  return false;
}
