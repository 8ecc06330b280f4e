import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type NapiResolveOptions, ResolverFactory } from "oxc-resolver";
import { type Kind, kindOf } from "./names.ts";
import { sourceOfOutput } from "./outputs.ts";
import { plainSpecifier } from "./specifiers.ts";
import type { Tsconfigs } from "./tsconfig.ts";

/** `import` and `require` may mean different files of one package. */
export type Use = "import" | "require";

export interface Target {
  kind: Kind;
  /** File, or the name of a module of Node's. */
  path: string;
  /** What stands after the path, as in `./text.md?raw`. */
  query: string;
  /** Whether Node takes the file for an ES module. */
  isModule: boolean;
}

/** TypeScript's order, but what can run before what only declares. */
const EXTENSIONS = [".ts", ".tsx", ".js", ".jsx", ".json", ".mts", ".cts", ".mjs", ".cjs", ".d.ts"];
const ALIASES = {
  ".js": [".ts", ".tsx", ".js", ".jsx", ".d.ts"],
  ".jsx": [".tsx", ".jsx", ".d.ts"],
  ".mjs": [".mts", ".mjs", ".d.mts"],
  ".cjs": [".cts", ".cjs", ".d.cts"],
};
const COMMON: NapiResolveOptions = { mainFields: ["main"], moduleType: true, symlinks: true };
/** Newer versions of Node let `require` load ES modules, and look for those under a condition of their own. */
const SYNC = (process.features as { require_module?: boolean }).require_module ? ["module-sync"] : [];

interface Pair {
  /** Installed packages, as Node finds them. */
  packages: ResolverFactory;
  /** Files of the project, as TypeScript finds them. */
  sources: ResolverFactory;
}

/** Finds what an import means: as TypeScript does among sources, as Node does among packages. */
export class Resolver {
  readonly #tsconfigs: Tsconfigs;
  readonly #pairs = new Map<string, Pair>();

  constructor(tsconfigs: Tsconfigs) {
    this.#tsconfigs = tsconfigs;
  }

  /** Files may have come or gone. */
  forget(): void {
    for (const { packages, sources } of this.#pairs.values()) {
      packages.clearCache();
      sources.clearCache();
    }
  }

  /** @throws Error ERR_MODULE_NOT_FOUND */
  resolve(specifier: string, importer: string, use: Use): Target {
    const found = this.find(specifier, importer, use);
    if (!found) throw notFound(specifier, importer);
    return found;
  }

  find(specifier: string, importer: string, use: Use): Target | undefined {
    if (isBuiltin(specifier)) return { kind: "builtin", path: specifier, query: "", isModule: false };
    if (specifier.startsWith("data:")) return { kind: "native", path: specifier, query: "", isModule: true };
    const written = plainSpecifier(specifier);
    if (isPath(written)) return this.#findPath(written, importer, use);
    const { paths } = this.#tsconfigs.of(importer);
    for (const candidate of paths(written)) {
      const found = this.#findPath(candidate, importer, use);
      if (found) return found;
    }
    const folder = dirname(importer);
    const { packages, sources } = this.#pair(importer, use);
    const path = locate(packages, folder, written) ?? locate(sources, folder, written);
    return path ?? sourceTarget(sourceOfOutput(written, folder, this.#conditions(importer, use)));
  }

  #findPath(written: string, importer: string, use: Use): Target | undefined {
    const path = written.startsWith("file:") ? fileURLToPath(written) : written;
    const { sources } = this.#pair(importer, use);
    const found = locate(sources, dirname(importer), path);
    if (found) return found;
    const [bare, query] = split(path);
    const queried = query && locate(sources, dirname(importer), bare);
    return queried ? { ...queried, kind: "asset", query } : undefined;
  }

  #conditions(importer: string, use: Use): string[] {
    const custom = this.#tsconfigs.of(importer).options.customConditions ?? [];
    return [...custom, "node", use, ...SYNC, "default"];
  }

  #pair(importer: string, use: Use): Pair {
    const conditionNames = this.#conditions(importer, use);
    const key = conditionNames.join();
    let pair = this.#pairs.get(key);
    if (!pair) {
      const extensions = [".js", ".json", ".node"];
      const packages = new ResolverFactory({ ...COMMON, conditionNames, extensions });
      const sources = packages.cloneWithOptions({
        ...{ ...COMMON, conditionNames },
        ...{ extensions: EXTENSIONS, extensionAlias: ALIASES },
      });
      pair = { packages, sources };
      this.#pairs.set(key, pair);
    }
    return pair;
  }
}

function locate(resolver: ResolverFactory, folder: string, written: string): Target | undefined {
  const { path, moduleType } = resolver.sync(folder, written);
  if (!path) return undefined;
  const [bare, query] = existsSync(path) ? [path, ""] : split(path);
  return { kind: kindOf(bare), path: bare, query, isModule: moduleType === "module" || bare.endsWith(".mjs") };
}

function sourceTarget(path: string | undefined): Target | undefined {
  return path === undefined ? undefined : { kind: kindOf(path), path, query: "", isModule: true };
}

function isPath(specifier: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(specifier) || specifier.startsWith("file:") || isAbsolute(specifier);
}

function split(path: string): [path: string, query: string] {
  const at = path.search(/[?#]/);
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at)];
}

function notFound(specifier: string, importer: string): Error {
  const what = isPath(specifier) ? "module" : "package";
  const shown = isPath(specifier) && !specifier.startsWith("file:") ? join(dirname(importer), specifier) : specifier;
  const message = `Cannot find ${what} '${shown}' imported from ${importer}`;
  return Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
}
