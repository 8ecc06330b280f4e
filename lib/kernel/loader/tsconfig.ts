import { dirname, extname, join, relative, resolve } from "node:path";
import { type Cache, createFilesMatcher, createPathsMatcher, parseTsconfig, type TsConfigResult } from "get-tsconfig";
import { fileAbove } from "./above.ts";

export type Config = TsConfigResult["config"];
type Options = NonNullable<Config["compilerOptions"]>;

/** What a file's tsconfig.json says about running it. */
export interface Settings {
  options: Options;
  /** Specifier -> the paths that `paths` and `baseUrl` give it. */
  paths: (specifier: string) => string[];
  /** File that is not there -> where else `rootDirs` lets it be. */
  elsewhere: (path: string) => string[];
}

interface Reading {
  /** Stands for all cells: no tsconfig.json lists it. */
  cells: string;
  /** Reads a tsconfig.json as TypeScript does, which takes what it can of one that has mistakes. */
  readFaulty: (path: string) => Config;
}

const NONE: Settings = { options: {}, paths: () => [], elsewhere: () => [] };

/** Reads the tsconfig.json nearest above each file, as TypeScript does, `extends` and `references` included. */
export class Tsconfigs {
  readonly #reading: Reading;
  readonly #cache: Cache = new Map();
  readonly #settings = new Map<string, Settings>();
  readonly #nearest = new Map<string, TsConfigResult | undefined>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  of(file: string): Settings {
    const nearest = this.#nearestTo(dirname(file));
    return nearest ? this.#settingsOf(this.#owner(nearest, file)) : NONE;
  }

  #nearestTo(folder: string): TsConfigResult | undefined {
    if (!this.#nearest.has(folder)) {
      const path = fileAbove(folder, "tsconfig.json");
      this.#nearest.set(folder, path === undefined ? undefined : this.#read(path));
    }
    return this.#nearest.get(folder);
  }

  /** A tsconfig.json that only refers to others leaves the file to one of them: to the first where none lists it. */
  #owner(nearest: TsConfigResult, file: string): TsConfigResult {
    const references = nearest.config.references ?? [];
    if (references.length === 0) return nearest;
    const isEmpty = nearest.config.files?.length === 0 && !nearest.config.include?.length;
    const referred = references.map(({ path }) => this.#read(configFile(resolve(dirname(nearest.path), path))));
    const owner = file === this.#reading.cells ? undefined : referred.find((each) => createFilesMatcher(each)(file));
    return owner ?? (isEmpty ? referred[0] : nearest);
  }

  #read(path: string): TsConfigResult {
    try {
      return { path, config: parseTsconfig(path, this.#cache as Cache<string>) };
    } catch {
      // What is wrong with it is for the project's own build to tell.
      return { path, config: this.#reading.readFaulty(path) };
    }
  }

  #settingsOf(config: TsConfigResult): Settings {
    let settings = this.#settings.get(config.path);
    if (!settings) {
      const options = config.config.compilerOptions ?? {};
      const roots = (options.rootDirs ?? []).map((root) => resolve(dirname(config.path), root));
      const elsewhere = (path: string) => inOtherRoots(path, roots);
      settings = { options, paths: createPathsMatcher(config) ?? NONE.paths, elsewhere };
      this.#settings.set(config.path, settings);
    }
    return settings;
  }
}

function configFile(reference: string): string {
  return extname(reference) === ".json" ? reference : join(reference, "tsconfig.json");
}

function inOtherRoots(path: string, roots: string[]): string[] {
  const inside = roots.map((root) => relative(root, path)).filter((each) => !each.startsWith(".."));
  return inside.flatMap((each) => roots.map((root) => join(root, each))).filter((each) => each !== path);
}
