import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type TS from "typescript";
import { ts } from "../transform/typescript.ts";

export interface Tsconfig extends TS.ParsedCommandLine {
  path: string;
}

/** The tsconfig.json files of a project, as TypeScript reads them: each once, since they count for as long as a kernel runs. */
export class Tsconfigs {
  readonly #parsed = new Map<string, Tsconfig | undefined>();

  /** That of cells in a folder. */
  ofCells(folder: string): Tsconfig | undefined {
    const nearest = this.#nearest(folder);
    return nearest && this.#first(nearest);
  }

  /** That of a file. One that refers to others leaves it to the one that lists the file. */
  of(file: string): Tsconfig | undefined {
    const nearest = this.#nearest(dirname(file));
    const owner = nearest && this.#referred(nearest).find(({ fileNames }) => fileNames.includes(file));
    return owner ?? (nearest && this.#first(nearest));
  }

  #nearest(folder: string): Tsconfig | undefined {
    const path = ts.findConfigFile(folder, ts.sys.fileExists);
    return path ? this.#parse(path) : undefined;
  }

  /** Where a tsconfig.json lists no files, cells and what nobody lists are taken for the first's to which it refers. */
  #first(config: Tsconfig): Tsconfig {
    const isEmpty = config.raw?.files?.length === 0 && !config.raw.include?.length;
    return (isEmpty && this.#referred(config)[0]) || config;
  }

  #referred({ projectReferences = [] }: Tsconfig): Tsconfig[] {
    const paths = projectReferences.map((reference) => ts.resolveProjectReferencePath(reference));
    return paths.filter((path) => existsSync(path)).flatMap((path) => this.#parse(path) ?? []);
  }

  #parse(path: string): Tsconfig | undefined {
    if (!this.#parsed.has(path)) this.#parsed.set(path, parse(path));
    return this.#parsed.get(path);
  }
}

function parse(path: string): Tsconfig | undefined {
  // What is wrong with a tsconfig.json is for the project's own build to tell; as much of it as can be read counts.
  const host: TS.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  return config && { ...config, path, options: withStrictness(config.options, dirname(path)) };
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
