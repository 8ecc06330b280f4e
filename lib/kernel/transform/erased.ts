import type TS from "typescript";
import { ts } from "./typescript.ts";

/** Statements that exist for the type checker alone, or whose exports nobody could import. */
export function isErased(statement: TS.Statement): boolean {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly || !statement.moduleSpecifier;
  if (ts.isFunctionDeclaration(statement) && !statement.body) return true;
  return has(statement, ts.SyntaxKind.DeclareKeyword);
}

function has(statement: TS.Statement, kind: TS.SyntaxKind): boolean {
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some((m) => m.kind === kind);
}
