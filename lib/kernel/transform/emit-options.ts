import type TS from "typescript";
import { MEANINGFUL, meaningfulKeys } from "./meaningful.ts";
import { ts } from "./typescript.ts";

/** As the compiler takes them. */
export function emitOptions(written: Record<string, unknown>): TS.CompilerOptions {
  return runnable(ts.convertCompilerOptionsFromJson(meaningfulKeys(written), "").options);
}

/** Parsed options -> those for running. JSX is always compiled, since nothing comes after us that would do it. */
export function runnable(options: TS.CompilerOptions): TS.CompilerOptions {
  const kept = Object.fromEntries(MEANINGFUL.flatMap((key) => (key in options ? [[key, options[key]]] : [])));
  return { ...kept, jsx: jsxMode(options), useDefineForClassFields: definesFields(options) };
}

/** `preserve` and `react-native` leave JSX to a bundler, which means the automatic runtime today. */
export function jsxMode({ jsx, jsxFactory, reactNamespace }: TS.CompilerOptions): TS.JsxEmit {
  if (jsx === ts.JsxEmit.React || jsxFactory !== undefined || reactNamespace !== undefined) return ts.JsxEmit.React;
  return jsx === ts.JsxEmit.ReactJSXDev ? ts.JsxEmit.ReactJSXDev : ts.JsxEmit.ReactJSX;
}

/** TypeScript's default depends on the target, which the kernel replaces by its own. */
function definesFields({ useDefineForClassFields, target }: TS.CompilerOptions): boolean {
  return useDefineForClassFields ?? (target === undefined || target >= ts.ScriptTarget.ES2022);
}
