import type TS from "typescript";
import { declaredNames } from "../transform/names.ts";
import { ts } from "../transform/typescript.ts";

/** What a cell's `declare global` and `declare module` add: `name`, or `Interface.member`. */
export function globalKeys(source: TS.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (!isAmbient(statement) || !statement.body || !ts.isModuleBlock(statement.body)) return [];
    const prefix = ts.isStringLiteral(statement.name) ? `"${statement.name.text}" ` : "";
    return statement.body.statements.flatMap(keysOf).map((key) => prefix + key);
  });
}

/** Whether a statement adds to the global scope or to another module. */
export function isAmbient(statement: TS.Statement): statement is TS.ModuleDeclaration {
  if (!ts.isModuleDeclaration(statement)) return false;
  return (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0 || ts.isStringLiteral(statement.name);
}

function keysOf(statement: TS.Statement): string[] {
  if (ts.isInterfaceDeclaration(statement)) {
    return statement.members.map((member) => `${statement.name.text}.${member.name?.getText() ?? member.getText()}`);
  }
  return declaredNames({ statements: [statement] } as unknown as TS.SourceFile).map(({ name }) => name);
}
