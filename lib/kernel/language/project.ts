import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type TS from "typescript";
import { ts } from "../transform/typescript.ts";

/** The compiler options of the nearest tsconfig.json above the notebook, or of the kernel's own project. */
export function projectOptions(folder: string, root: string): TS.CompilerOptions {
  const config = ts.findConfigFile(folder, ts.sys.fileExists) ?? join(root, "tsconfig.json");
  const { config: json } = ts.readConfigFile(config, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(json?.compilerOptions ?? {}, dirname(config));
  return { ...options, ...CELL_OPTIONS, typeRoots: typeRoots(folder, root) };
}

/**
 * What cells need whatever the project says: they are ES modules, nothing is emitted, and their unused names are
 * there for later cells.
 */
const CELL_OPTIONS: TS.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  declaration: false,
  composite: false,
  incremental: false,
  isolatedModules: false,
};

function typeRoots(folder: string, root: string): string[] {
  const roots = ts.getEffectiveTypeRoots({}, { getCurrentDirectory: () => folder }) ?? [];
  return [...roots, ownTypes(root)];
}

/** The folder that holds the kernel's own `@types/node`. */
function ownTypes(root: string): string {
  return dirname(dirname(createRequire(join(root, "package.json")).resolve("@types/node/package.json")));
}
