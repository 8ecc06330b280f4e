import { dirname, extname, join, resolve } from "node:path";
import {
  type Cache,
  createFilesMatcher,
  createPathsMatcher,
  getTsconfig,
  parseTsconfig,
  type TsConfigResult,
} from "get-tsconfig";

type Options = NonNullable<TsConfigResult["config"]["compilerOptions"]>;

/** What a file's tsconfig.json says about running it. */
export interface Settings {
  options: Options;
  /** Specifier -> the paths that `paths` and `baseUrl` give it. */
  paths: (specifier: string) => string[];
}

const NONE: Settings = { options: {}, paths: () => [] };

/** Reads the tsconfig.json nearest above each file, as TypeScript does, `extends` and `references` included. */
export class Tsconfigs {
  readonly #cache: Cache = new Map();
  readonly #settings = new Map<string, Settings>();
  readonly #nearest = new Map<string, TsConfigResult | null>();

  of(file: string): Settings {
    const nearest = this.#nearestTo(dirname(file));
    return nearest ? this.#settingsOf(this.#owner(nearest, file)) : NONE;
  }

  #nearestTo(folder: string): TsConfigResult | null {
    let nearest = this.#nearest.get(folder);
    if (nearest === undefined) {
      nearest = getTsconfig(folder, "tsconfig.json", this.#cache);
      this.#nearest.set(folder, nearest);
    }
    return nearest;
  }

  /** A tsconfig.json that only refers to others leaves the file to one of them: to the first where none lists it. */
  #owner(nearest: TsConfigResult, file: string): TsConfigResult {
    const references = nearest.config.references ?? [];
    if (references.length === 0) return nearest;
    const listed = nearest.config.files?.length === 0 && !nearest.config.include?.length;
    const referred = references.map(({ path }) => this.#read(resolve(dirname(nearest.path), path)));
    const owner = referred.find((config) => createFilesMatcher(config)(file));
    return owner ?? (listed ? referred[0] : nearest);
  }

  #read(reference: string): TsConfigResult {
    const path = extname(reference) === ".json" ? reference : join(reference, "tsconfig.json");
    return { path, config: parseTsconfig(path, this.#cache as Cache<string>) };
  }

  #settingsOf(config: TsConfigResult): Settings {
    let settings = this.#settings.get(config.path);
    if (!settings) {
      const options = config.config.compilerOptions ?? {};
      settings = { options, paths: createPathsMatcher(config) ?? NONE.paths };
      this.#settings.set(config.path, settings);
    }
    return settings;
  }
}
