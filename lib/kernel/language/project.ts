import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type TS from "typescript";
import { jsxMode, runnable } from "../transform/emit-options.ts";
import { ts } from "../transform/typescript.ts";

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
  const config = configFor(folder);
  const options = config?.options ?? NEUTRAL;
  const ambient = (config?.fileNames ?? []).filter((name) => /\.d\.[cm]?ts$/.test(name));
  const browser = (options.lib ?? []).filter((name) => /^lib\.(?:dom|webworker)/.test(name));
  const jsxNames = namesForJsx(options);
  return { options: checkerOptions(options, folder, root), browser, jsxNames, emit: runnable(options), ambient };
}

/** Options by which the imports of a project's file are resolved: those of the tsconfig.json nearest to it. */
export function resolutionOptions(folder: string, base: TS.CompilerOptions): TS.CompilerOptions {
  const own = configFor(folder)?.options;
  if (!own) return base;
  const { paths, baseUrl, rootDirs, moduleSuffixes, customConditions, pathsBasePath } = own;
  const written = { paths, baseUrl, rootDirs, moduleSuffixes, pathsBasePath };
  return { ...base, ...written, customConditions: [...(customConditions ?? []), "node"] };
}

const NEUTRAL: TS.CompilerOptions = { strict: true, lib: [] };

function configFor(folder: string): TS.ParsedCommandLine | undefined {
  const path = ts.findConfigFile(folder, ts.sys.fileExists);
  return path ? parseConfig(path, folder) : undefined;
}

/** A tsconfig.json without files of its own leaves them to those it refers to: cells are taken for the first's. */
function parseConfig(path: string, folder: string): TS.ParsedCommandLine | undefined {
  // What is wrong with a tsconfig.json is for the project's own build to tell; as much of it as can be read counts.
  const host: TS.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  const [first] = config?.projectReferences ?? [];
  const isEmpty = config?.raw?.files?.length === 0 && !config.raw.include?.length;
  const referred = first && isEmpty && ts.resolveProjectReferencePath(first);
  if (referred && existsSync(referred)) return parseConfig(referred, folder);
  return config && { ...config, options: withStrictness(config.options, folder) };
}

/** Strictness is the default since TypeScript 6; a project with an older compiler means the older default. */
function withStrictness(options: TS.CompilerOptions, folder: string): TS.CompilerOptions {
  return options.strict === undefined && olderCompiler(folder) ? { ...options, strict: false } : options;
}

function olderCompiler(folder: string): boolean {
  try {
    const manifest = createRequire(join(folder, "cell.ts")).resolve("typescript/package.json");
    return Number.parseInt((JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version, 10) < 6;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return false;
    throw error;
  }
}

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
