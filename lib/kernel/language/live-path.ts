import type TS from "typescript";
import type { PathPart } from "../protocol/executor.ts";
import { ts } from "../transform/typescript.ts";
import type { CellModule } from "./cells.ts";
import type { Notebook } from "./notebook.ts";

/** What stands before a dot, or before a bracket in which a key is begun. */
interface Receiver {
  expression: TS.Expression;
  /** Where the key's text begins. */
  key?: number;
}

export interface LivePath {
  live: PathPart[];
  /** Offset of a key that is begun in quotes. */
  key?: number;
}

/**
 * What stands before the dot or the quoted key at `start`, if it is a variable or a property of one and its type leaves open what
 * properties it has (`any`, `unknown`, an index signature): then its value may be looked at.
 */
export function livePath({ service }: Notebook, module: CellModule, start: number): LivePath | undefined {
  const program = service.program();
  const source = program.getSourceFile(module.fileName);
  const receiver = source && receiverAt(source, module.offset + start);
  const live = receiver && pathOf(receiver.expression);
  if (!receiver || !live) return undefined;
  const checker = program.getTypeChecker();
  const type = checker.getTypeAtLocation(receiver.expression);
  const isOpen = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) !== 0;
  if (!isOpen && !checker.getIndexTypeOfType(type, ts.IndexKind.String) && !isBare(checker, type)) return undefined;
  return receiver.key === undefined ? { live } : { live, key: receiver.key - module.offset };
}

/** `{}` and `object` say as little. */
function isBare(checker: TS.TypeChecker, type: TS.Type): boolean {
  return (type.flags & ts.TypeFlags.Object) !== 0 && checker.getPropertiesOfType(type).length === 0;
}

function receiverAt(source: TS.SourceFile, position: number): Receiver | undefined {
  let found: Receiver | undefined;
  const visit = (node: TS.Node): void => {
    if (position < node.pos || position > node.end) return;
    if (ts.isPropertyAccessExpression(node) && node.expression.end < position && position <= node.name.end) {
      found = { expression: node.expression };
    }
    if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      const key = node.argumentExpression.getStart() + 1;
      if (key <= position && position <= node.argumentExpression.end) found = { expression: node.expression, key };
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function pathOf(node: TS.Expression): PathPart[] | undefined {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return pathOf(node.expression);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return pathOf(node.expression);
  if (ts.isPropertyAccessExpression(node)) return extend(pathOf(node.expression), node.name.text);
  if (!ts.isElementAccessExpression(node)) return undefined;
  const { argumentExpression: key } = node;
  const isLiteral = ts.isStringLiteralLike(key) || ts.isNumericLiteral(key);
  return isLiteral ? extend(pathOf(node.expression), key.text) : undefined;
}

function extend(path: PathPart[] | undefined, part: PathPart): PathPart[] | undefined {
  return path && [...path, part];
}
