import type TS from "typescript";
import { ts } from "./typescript.ts";

/** Whatever the project says; semantics are the type checker's business, so none are looked at here. */
const FIXED: TS.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  isolatedModules: true,
  sourceMap: true,
  removeComments: false,
};

export interface Emitted {
  js: string;
  /** Source map, JSON. */
  map: string;
}

export interface EmitRequest {
  fileName: string;
  text: string;
  options: TS.CompilerOptions;
  /** Changes to the JavaScript. */
  after?: TS.TransformerFactory<TS.SourceFile>[];
}

/** Removes the types. */
export function emit({ fileName, text, options, after = [] }: EmitRequest): Emitted {
  const compilerOptions = { ...options, ...FIXED };
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName,
    compilerOptions,
    transformers: { after },
  });
  return { js: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"), map: sourceMapText as string };
}
