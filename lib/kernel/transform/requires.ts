import type TS from "typescript";
import { LINK } from "./link.ts";
import { ts } from "./typescript.ts";

/** The compiler writes an import as a call of `require`: renames those calls and collects what they ask for. */
export function renameRequires(links: string[]): TS.TransformerFactory<TS.SourceFile> {
  return (context) => (source) => {
    const visit = (node: TS.Node): TS.Node => {
      // `import x = require("y")` is a real call of it.
      if (ts.isImportEqualsDeclaration(ts.getOriginalNode(node))) return node;
      if (!isOwnRequire(node)) return ts.visitEachChild(node, visit, context);
      const [specifier] = node.arguments as unknown as [TS.StringLiteral];
      if (!links.includes(specifier.text)) links.push(specifier.text);
      const { factory } = context;
      return factory.createCallExpression(factory.createIdentifier(LINK), undefined, node.arguments);
    };
    return ts.visitNode(source, visit) as TS.SourceFile;
  };
}

/** Nodes that are not from the text have no position in it. */
function isOwnRequire(node: TS.Node): node is TS.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return false;
  return node.expression.text === "require" && node.expression.pos < 0 && ts.isStringLiteralLike(node.arguments[0]);
}
