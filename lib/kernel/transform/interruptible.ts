import type MagicString from "magic-string";
import type TS from "typescript";
import { ts } from "./typescript.ts";

/** Names which transformed code uses; the executor defines them for cells, a virtual module does for library files. */
export const RUNTIME_NAMES = ["__wcFlag", "__wcStop", "__wcGuard", "__wcEach", "__wcRethrow"] as const;

/** How statements begin that exist only in transformed code: a debugger never stops at them. */
export const GENERATED =
  /^(?:if \(__wcFlag\b|__wc(?:Flag|Stop|Rethrow|Caught)\b|exports\.([\w$]+) = (?:\1\b|(?:exports\.[\w$]+ = )*void 0)|exports\.default = [\w$]+;|Object\.defineProperty\(exports,|\/\/# )/;

export const CHECK = "if (__wcFlag[0]) __wcStop();";

/**
 * Makes code stoppable where it can still tidy up: loops and functions that call others look at a flag shared with the
 * control thread, awaits race against the interrupt, and catch clauses pass an interrupt on, so that only `finally`
 * sees it. Nothing is inserted that contains a line break. Code without checks is stopped by V8, see executor/scope.ts.
 */
export function makeInterruptible(source: TS.SourceFile, edits: MagicString): void {
  const visit = (node: TS.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isIterationStatement(node, false)) checkInLoop(node, edits);
    if (mayRecur(node)) checkInFunction(node.body, edits);
    if (ts.isForOfStatement(node) && node.awaitModifier) wrap(edits, node.expression, "__wcEach(");
    if (ts.isAwaitExpression(node)) wrap(edits, node.expression, "__wcGuard(");
    if (ts.isCatchClause(node)) passInterruptOn(node, edits);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function wrap(edits: MagicString, node: TS.Node, opening: string): void {
  edits.appendLeft(node.getStart(), opening);
  edits.prependRight(node.end, ")");
}

/**
 * Whether a function calls anything, and so perhaps itself. Others are short, and a check would cost them most; so are
 * arrows without a block. Not constructors: TypeScript looks for their call of super.
 */
function mayRecur(node: TS.Node): node is TS.FunctionLikeDeclaration & { body: TS.Block } {
  if (!ts.isFunctionLike(node) || ts.isConstructorDeclaration(node)) return false;
  const { body } = node as { body?: TS.ConciseBody };
  return body !== undefined && ts.isBlock(body) && calls(body);
}

function calls(node: TS.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node)) return true;
  if (ts.isFunctionLike(node) || ts.isTypeNode(node)) return false;
  return ts.forEachChild(node, calls) ?? false;
}

/** Directives, such as "use strict", must stay the first statements. */
function checkInFunction(body: TS.Block, edits: MagicString): void {
  const first = body.statements.find((statement) => !isDirective(statement));
  if (first) edits.appendLeft(first.getStart(), CHECK);
}

function isDirective(statement: TS.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function checkInLoop(loop: TS.IterationStatement, edits: MagicString): void {
  const body = loop.statement;
  if (ts.isBlock(body)) {
    edits.appendLeft(body.getStart() + 1, CHECK);
    return;
  }
  edits.prependLeft(body.getStart(), `{${CHECK} `);
  edits.appendRight(body.end, "}");
}

function passInterruptOn(clause: TS.CatchClause, edits: MagicString): void {
  const start = clause.block.getStart();
  const variable = clause.variableDeclaration;
  if (!variable) {
    edits.appendLeft(start, "(__wcCaught) ");
    edits.appendLeft(start + 1, "__wcRethrow(__wcCaught);");
  } else if (ts.isIdentifier(variable.name)) {
    edits.appendLeft(start + 1, `__wcRethrow(${variable.name.text});`);
  } else {
    const pattern = variable.name.getText();
    edits.overwrite(variable.name.getStart(), variable.name.end, "__wcCaught");
    edits.appendLeft(start + 1, `__wcRethrow(__wcCaught);const ${pattern.replace(/\s*\n\s*/g, " ")} = __wcCaught;`);
  }
}
