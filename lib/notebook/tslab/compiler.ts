/**
 * tslab's compiler options are fixed, and made for cells that import nothing of their own project: files outside the
 * working directory are refused, `.ts` endings too, and all imported sources are compiled by its TypeScript 5.0. Here
 * its copy of TypeScript is replaced by one with the options corrected, that checks and emits the cell alone.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const NAME = "@tslab/typescript-for-tslab";

/** "File is not under rootDir": it would matter only if that file were emitted. */
const NOT_UNDER_ROOT = 6059;

type Typescript = typeof import("@tslab/typescript-for-tslab");
type Builder = import("@tslab/typescript-for-tslab").EmitAndSemanticDiagnosticsBuilderProgram;
type File = import("@tslab/typescript-for-tslab").SourceFile;
type Program = import("@tslab/typescript-for-tslab").Program;
type WatchHost = { afterProgramCreate?: (program: Builder) => void };

const optionsFor = (ts: Typescript) => ({
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  strict: true,
});

/** The emitted files follow from this list: the library's sources are loaded as modules instead. */
function emitCellAlone(host: WatchHost): void {
  let then: WatchHost["afterProgramCreate"];
  Object.defineProperty(host, "afterProgramCreate", {
    set: (listener) => {
      then = listener;
    },
    get: () => (program: Builder) => {
      program.getAllDependencies = (file: File) => [file.fileName];
      then?.(program);
    },
  });
}

/** Must run before tslab is loaded. */
export function mendCompiler(): Typescript {
  const ts = require(NAME) as Typescript;
  const createWatchCompilerHost = (files: unknown, options: object, ...rest: unknown[]) => {
    const create = ts.createWatchCompilerHost as (...args: unknown[]) => WatchHost;
    const host = create(files, { ...options, ...optionsFor(ts) }, ...rest);
    emitCellAlone(host);
    return host;
  };
  const getPreEmitDiagnosticsOfFiles = (program: Program, [cell]: File[]) =>
    [...program.getSyntacticDiagnostics(cell), ...program.getSemanticDiagnostics(cell)].filter(
      ({ code }) => code !== NOT_UNDER_ROOT,
    );
  const mended = { ...ts, createWatchCompilerHost, getPreEmitDiagnosticsOfFiles };
  (require.cache[require.resolve(NAME)] as NodeJS.Module).exports = mended;
  return ts;
}
