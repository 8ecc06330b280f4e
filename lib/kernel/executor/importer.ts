import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Compiler } from "../loader/compiler.ts";
import { Followers, type Wanted } from "../loader/followers.ts";
import { Modules } from "../loader/modules.ts";
import { Resolver } from "../loader/resolve.ts";
import { Sources } from "../loader/sources.ts";
import { Tsconfigs } from "../loader/tsconfig.ts";
import type { CellMaps } from "../protocol/executor.ts";

type Namespace = Record<string, unknown>;
/** Which of the names an import asks for are types alone: the language process knows. */
type TypesAmong = (specifier: string, names: string[]) => Promise<string[]>;

interface Places {
  /** The notebook's folder when the kernel started, whatever the working folder is now. */
  folder: string;
  /** The compiler's thread. */
  compiler: string;
  cache: string;
}

/** What cells import and require. */
export class Importer {
  readonly require: NodeJS.Require;
  readonly folder: string;
  /** Stands for all cells. */
  readonly filename: string;
  readonly #modules: Modules;
  readonly #sources: Sources;
  readonly #followers = new Followers();
  readonly #typesAmong: TypesAmong;

  constructor({ folder, compiler, cache }: Places, typesAmong: TypesAmong) {
    this.folder = folder;
    this.filename = join(folder, "cell.ts");
    this.#typesAmong = typesAmong;
    const compiled = new Compiler(compiler, cache);
    const tsconfigs = new Tsconfigs({ cells: this.filename, readFaulty: compiled.config });
    this.#sources = new Sources(compiled, tsconfigs);
    const resolver = new Resolver(tsconfigs);
    this.#modules = new Modules({ sources: this.#sources, resolver, tsconfigs, followers: this.#followers });
    this.require = this.#modules.requireFor(this.filename);
  }

  /**
   * `import` for cells. What is `wanted` must be there: a cell's `import { x }` of something missing fails as it would
   * in a module. @throws whatever loading the module throws
   */
  readonly import = async (
    specifier: unknown,
    options?: ImportCallOptions,
    wanted: Wanted[] = [],
  ): Promise<Namespace> => {
    const name = String(specifier);
    const names = wanted.map(([exported]) => exported);
    const namespace = await this.#load(name, options, names);
    const missing = names.filter((exported) => !(exported in namespace));
    const types = missing.length > 0 ? await this.#typesAmong(name, missing) : [];
    const lost = missing.find((exported) => !types.includes(exported));
    if (lost !== undefined) {
      throw new SyntaxError(`The requested module '${name}' does not provide an export named '${lost}'`);
    }
    this.#followers.follow(namespace, wanted);
    return namespace;
  };

  /** `import.meta` of cells. */
  readonly meta = (): Record<string, unknown> => {
    const { filename, folder } = this;
    const url = pathToFileURL(filename).href;
    const resolve = (specifier: string) => new URL(specifier, url).href;
    return { url, filename, dirname: folder, main: false, env: process.env, resolve };
  };

  /** A cell is about to declare these names. */
  declares(names: readonly string[]): void {
    this.#followers.drop(names);
  }

  maps(hash: string): CellMaps | undefined {
    return this.#sources.maps(hash);
  }

  /** A package of types alone has nothing that could be loaded, nor has it to be. */
  async #load(specifier: string, options: ImportCallOptions | undefined, names: string[]): Promise<Namespace> {
    try {
      return await this.#modules.import(specifier, this.filename, options, true);
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
      const types = isMissing && names.length > 0 ? await this.#typesAmong(specifier, names) : [];
      if (types.length === 0 || types.length < names.length) throw error;
      return {};
    }
  }
}
