import MagicString from "magic-string";
import type TS from "typescript";
import { RUNTIME_MODULE } from "../loader/names.ts";
import type { CellMaps } from "../protocol/executor.ts";
import { emit } from "./emit.ts";
import { makeInterruptible, RUNTIME_NAMES } from "./interruptible.ts";
import { parseModule, syntaxProblems } from "./parse.ts";
import { ts } from "./typescript.ts";

/** A library file made ready for the executor; depends on its text alone, so it can be cached by content. */
export interface PreparedModule {
  js: string;
  maps: CellMaps;
  /** Specifiers it imports, as written. */
  imports: string[];
}

/** Types removed, loops and awaits interruptible. @throws SyntaxError that names line and column */
export function prepareModule(fileName: string, text: string): PreparedModule {
  const source = parseModule(fileName, text);
  const [problem] = syntaxProblems(source);
  if (problem) {
    const { line, character } = source.getLineAndCharacterOfPosition(problem.start);
    throw new SyntaxError(`${fileName}:${line + 1}:${character + 1}: ${problem.message}`);
  }
  const edits = new MagicString(text);
  makeInterruptible(source, edits);
  const runtime = `import { ${RUNTIME_NAMES.join(", ")} } from "${RUNTIME_MODULE}";`;
  const first = source.statements[0]?.getFullStart() ?? text.length;
  edits.appendLeft(first + (ts.getShebang(text)?.length ?? 0), runtime);
  const { js, map } = emit(fileName, edits.toString());
  const editMap = edits.generateMap({ hires: "boundary" }).toString();
  return { js, maps: { emit: map, edits: editMap }, imports: importedSpecifiers(source) };
}

function importedSpecifiers(source: TS.SourceFile): string[] {
  const found = new Set<string>();
  const visit = (node: TS.Node): void => {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) found.add(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found];
}

function specifierOf(node: TS.Node): TS.Expression | undefined {
  if (ts.isImportDeclaration(node)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? undefined : node.moduleSpecifier;
  }
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? undefined : node.moduleSpecifier;
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? node.arguments[0] : undefined;
}
