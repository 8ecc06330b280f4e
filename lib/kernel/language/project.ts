import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type TS from "typescript";
import { jsxMode, runnable } from "../transform/emit-options.ts";
import { ts } from "../transform/typescript.ts";
import { type Tsconfig, Tsconfigs } from "./tsconfigs.ts";

/** What a notebook's project says to the type checker. */
export interface Project {
  /** Of the checker. */
  options: TS.CompilerOptions;
  /** The browser's libraries, which take a second to read: until a cell turns out to need them it goes without. */
  browser: string[];
  /** Names that JSX uses without writing them. */
  jsxNames: string[];
  /** Of compiling cells. */
  emit: TS.CompilerOptions;
  /** Declarations of the project that no import leads to. */
  ambient: string[];
}

/** The tsconfig.json nearest above the notebook, as TypeScript reads it; without one, defaults that forbid nothing. */
export function readProject(folder: string, root: string): Project {
  const config = new Tsconfigs().ofCells(folder);
  const options = config?.options ?? NEUTRAL;
  const ambient = (config?.fileNames ?? []).filter((name) => /\.d\.[cm]?ts$/.test(name));
  const browser = (options.lib ?? []).filter((name) => /^lib\.(?:dom|webworker)/.test(name));
  const jsxNames = namesForJsx(options);
  return { options: checkerOptions(options, folder, root), browser, jsxNames, emit: runnable(options), ambient };
}

/** Options by which the imports of a project's file are resolved, which may have a tsconfig.json of its own. */
export function resolutionOptions(config: Tsconfig | undefined, base: TS.CompilerOptions): TS.CompilerOptions {
  if (!config) return base;
  const { paths, baseUrl, rootDirs, moduleSuffixes, customConditions, pathsBasePath } = config.options;
  const written = { paths, baseUrl, rootDirs, moduleSuffixes, pathsBasePath };
  return { ...base, ...written, customConditions: [...(customConditions ?? []), "node"] };
}

const NEUTRAL: TS.CompilerOptions = { strict: true, lib: [] };

function namesForJsx(options: TS.CompilerOptions): string[] {
  if (jsxMode(options) !== ts.JsxEmit.React) return [];
  const factories = [options.jsxFactory ?? options.reactNamespace ?? "React", options.jsxFragmentFactory ?? "React"];
  return factories.map((name) => name.split(".")[0]);
}

/** Of a project's options those that say what is right: about types, about finding modules. */
const KEPT = [
  ...["strict", "noImplicitAny", "strictNullChecks", "strictFunctionTypes", "strictBindCallApply", "noImplicitThis"],
  ...["strictPropertyInitialization", "strictBuiltinIteratorReturn", "useUnknownInCatchVariables"],
  ...["noImplicitReturns", "noImplicitOverride", "noFallthroughCasesInSwitch", "noUncheckedIndexedAccess"],
  ...["noPropertyAccessFromIndexSignature", "exactOptionalPropertyTypes", "experimentalDecorators"],
  ...["emitDecoratorMetadata", "jsxFactory", "jsxFragmentFactory", "jsxImportSource", "reactNamespace"],
  ...["paths", "baseUrl", "rootDirs", "moduleSuffixes", "pathsBasePath", "typeRoots", "useDefineForClassFields"],
] as const;

/**
 * What cells need whatever the project says. They are modules in which every form of import is allowed, as for a
 * bundler; nothing is emitted; their unused names are there for later cells.
 */
const FIXED: TS.CompilerOptions = {
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Auto,
  target: ts.ScriptTarget.ESNext,
  noEmit: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: false,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  allowSyntheticDefaultImports: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  noUncheckedSideEffectImports: false,
  libReplacement: false,
};

function checkerOptions(options: TS.CompilerOptions, folder: string, root: string): TS.CompilerOptions {
  const kept = Object.fromEntries(KEPT.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
  return {
    ...kept,
    ...FIXED,
    esModuleInterop: options.esModuleInterop !== false,
    jsx: jsxMode(options),
    lib: [NODE_LIBRARY],
    types: [...new Set(["node", ...(options.types ?? []).filter((name) => name !== "*")])],
    customConditions: [...(options.customConditions ?? []), "node"],
    typeRoots: [...(options.typeRoots ?? defaultTypeRoots(folder)), ownTypes(root)],
  };
}

/** What this Node can do, whatever the project's target. */
const NODE_LIBRARY = Number.parseInt(process.versions.node, 10) < 22 ? "lib.es2023.d.ts" : "lib.esnext.d.ts";

function defaultTypeRoots(folder: string): string[] {
  return ts.getEffectiveTypeRoots({}, { getCurrentDirectory: () => folder }) ?? [];
}

/** The folder that holds the kernel's own `@types/node`, for projects without. */
function ownTypes(root: string): string {
  return dirname(dirname(createRequire(join(root, "package.json")).resolve("@types/node/package.json")));
}
