import MagicString from "magic-string";
import type TS from "typescript";
import type { CellMaps } from "../protocol/executor.ts";
import { emit } from "./emit.ts";
import { emitOptions } from "./emit-options.ts";
import { rewriteDynamicImports } from "./imports.ts";
import { makeInterruptible } from "./interruptible.ts";
import { type ModuleFacts, moduleFacts } from "./module-facts.ts";
import { parseModule, scriptKind, syntaxProblems } from "./parse.ts";
import { renameRequires } from "./requires.ts";
import { ts } from "./typescript.ts";

/** A source file made ready for the executor; depends on its text and options alone, so it can be cached by content. */
export interface PreparedModule extends ModuleFacts {
  /** CommonJS, whose imports are calls of `__wcRequire`. */
  js: string;
  maps: CellMaps;
  /** What it imports before it runs, in order; what only types came from is gone. */
  links: string[];
}

/**
 * Types removed, loops and awaits interruptible, imports turned into calls.
 * @throws SyntaxError that names line and column
 */
export function prepareModule(fileName: string, text: string, written: Record<string, unknown> = {}): PreparedModule {
  const source = parseModule(fileName, text, scriptKind(fileName));
  const [problem] = syntaxProblems(source);
  if (problem) {
    const { line, character } = source.getLineAndCharacterOfPosition(problem.start);
    throw new SyntaxError(`${fileName}:${line + 1}:${character + 1}: ${problem.message}`);
  }
  const facts = moduleFacts(source);
  const edits = new MagicString(text);
  if (text.startsWith("#!")) edits.overwrite(0, 2, "//");
  rewriteDynamicImports(source, edits);
  makeInterruptible(source, edits);
  const links: string[] = [];
  const { js, map } = emit({
    ...{ fileName: emittedName(fileName), text: edits.toString() },
    options: { ...emitOptions(written), ...options(facts) },
    after: [renameRequires(links)],
  });
  const editMap = edits.generateMap({ hires: "boundary" }).toString();
  return { js, maps: { emit: map, edits: editMap }, links, ...facts };
}

/** What a file is called says whether the compiler sees a module in it; here its syntax does. */
function emittedName(fileName: string): string {
  return fileName.replace(/\.[cm](?=[jt]s$)/, ".");
}

function options({ isModule }: ModuleFacts): TS.CompilerOptions {
  const { Force, Legacy } = ts.ModuleDetectionKind;
  return {
    module: ts.ModuleKind.CommonJS,
    // What an import of a CommonJS module means is decided when it runs.
    esModuleInterop: false,
    allowJs: true,
    moduleDetection: isModule ? Force : Legacy,
    alwaysStrict: isModule,
  };
}
