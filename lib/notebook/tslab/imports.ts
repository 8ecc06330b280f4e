import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** What tslab hands to every cell. */
interface CellScope {
  require: (id: string) => unknown;
}

/** As TypeScript's CommonJS output expects modules: with a mark that they are real ones, default export and all. */
const asEsModule = (module: object): object =>
  new Proxy(module, { get: (target, key) => (key === "__esModule" ? true : Reflect.get(target, key)) });

/**
 * Cells are compiled to CommonJS, the library is not: the modules a cell imports are loaded beforehand, and its
 * `require` then finds them. Relative paths start at the kernel's working directory, the notebook's folder.
 */
export class CellImports {
  private readonly loaded = new Map<string, object>();

  constructor(scope: CellScope) {
    const original = scope.require;
    scope.require = (id) => this.loaded.get(id) ?? original(id);
  }

  /** @throws whatever a module throws while it loads */
  async load(specifiers: readonly string[]): Promise<void> {
    for (const specifier of specifiers) {
      if (specifier === "tslab" || extname(specifier) === ".json" || this.loaded.has(specifier)) continue;
      const target = /^\.{0,2}\//.test(specifier) ? pathToFileURL(resolve(specifier)).href : specifier;
      this.loaded.set(specifier, asEsModule((await import(target)) as object));
    }
  }
}
