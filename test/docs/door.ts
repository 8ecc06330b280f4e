/** The public names of lib/index.ts with their doc comments, read from the sources. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

export interface PublicName {
  readonly name: string;
  readonly file: string;
  /** Is it a type alone? */
  readonly isType: boolean;
  /** The doc comment, without its stars; empty where there is none. */
  readonly comment: string;
}

const DOOR = "lib/index.ts";

const parsed = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);

const namesOf = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
};

/** The doc comment of what a file declares by a name. */
function commentOf(file: string, name: string): string {
  const source = parsed(file);
  // Of overloads and of a schema beside its type the last comment that there is.
  const own = source.statements.filter((statement) => namesOf(statement).includes(name));
  const comments = own.flatMap((statement) =>
    (ts.getLeadingCommentRanges(source.text, statement.pos) ?? [])
      .slice(-1)
      .map(({ pos, end }) => source.text.slice(pos, end)),
  );
  const text = comments.filter((comment) => comment.startsWith("/**")).join("\n");
  return text.replace(/^\/\*\*|\*\/$/gm, "").replace(/^ *\* ?/gm, "");
}

/** Every name of the door. */
export function publicNames(): PublicName[] {
  return parsed(DOOR).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause))
      throw new Error(`${DOOR}: only lists of names are exported, not ${statement.getText()}`);
    const file = join(dirname(DOOR), (statement.moduleSpecifier as ts.StringLiteral).text);
    return statement.exportClause.elements.map((element) => {
      const name = element.name.text;
      return { name, file, isType: statement.isTypeOnly || element.isTypeOnly, comment: commentOf(file, name) };
    });
  });
}

/** The programs in a doc comment. */
export const examplesIn = (comment: string): string[] =>
  [...comment.matchAll(/@example\n```ts\n(.*?)\n```/gs)].map(([, code]) => code);
