import type TS from "typescript";
import { ts } from "./typescript.ts";

const OPTIONS: TS.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  sourceMap: true,
  removeComments: false,
};

export interface Emitted {
  js: string;
  /** Source map, JSON. */
  map: string;
}

/** Removes the types. Semantics are the type checker's business, so none are looked at here. */
export function emit(fileName: string, text: string): Emitted {
  const { outputText, sourceMapText } = ts.transpileModule(text, { fileName, compilerOptions: OPTIONS });
  return { js: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"), map: sourceMapText as string };
}
