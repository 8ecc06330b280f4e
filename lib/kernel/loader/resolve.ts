import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type NapiResolveOptions, ResolverFactory } from "oxc-resolver";
import { fileAbove } from "./above.ts";
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
    const mapped = paths(written).map((path) => this.#findPath(path, importer, use));
    // `paths` may lead the type checker to declarations of what is to be found elsewhere.
    const runs = mapped.find((target) => target && target.kind !== "types");
    return runs ?? this.#findPackage(written, importer, use) ?? mapped.find((target) => target);
  }

  #findPackage(written: string, importer: string, use: Use): Target | undefined {
    const folder = dirname(importer);
    const { packages, sources } = this.#pair(importer, use);
    const found = locate(packages, folder, written) ?? locate(sources, folder, written);
    return found ?? sourceTarget(sourceOfOutput(written, folder, this.#conditions(importer, use)));
  }

  #findPath(written: string, importer: string, use: Use): Target | undefined {
    const path = written.startsWith("file:") ? fileURLToPath(written) : written;
    const { sources } = this.#pair(importer, use);
    const folder = dirname(importer);
    const found = locate(sources, folder, path) ?? (path.startsWith("/") && servedFile(path, importer));
    if (found) return found;
    const [bare, query] = split(path);
    const queried = query && locate(sources, folder, bare);
    if (queried) return { ...queried, kind: "asset", query };
    const others = this.#tsconfigs.of(importer).elsewhere(resolve(folder, path));
    return others.map((other) => locate(sources, folder, other)).find((target) => target);
  }

  #conditions(importer: string, use: Use): string[] {
    const custom = this.#tsconfigs.of(importer).options.customConditions ?? [];
    return [...custom, "node", use, ...SYNC, "default"];
  }

  #pair(importer: string, use: Use): Pair {
    const conditionNames = this.#conditions(importer, use);
    const { moduleSuffixes = [""] } = this.#tsconfigs.of(importer).options;
    const suffixed = (names: string[]) => names.flatMap((name) => moduleSuffixes.map((suffix) => suffix + name));
    const key = [...conditionNames, "", ...moduleSuffixes].join();
    let pair = this.#pairs.get(key);
    if (!pair) {
      const extensions = [".js", ".json", ".node"];
      const packages = new ResolverFactory({ ...COMMON, conditionNames, extensions });
      const sources = packages.cloneWithOptions({
        ...{ ...COMMON, conditionNames },
        extensions: suffixed(EXTENSIONS),
        extensionAlias: Object.fromEntries(Object.entries(ALIASES).map(([ending, names]) => [ending, suffixed(names)])),
      });
      pair = { packages, sources };
      this.#pairs.set(key, pair);
    }
    return pair;
  }
}

/** How the resolver says that it cannot read a package.json. */
const FAULTY = /^JSONError \{ path: "(.+?)", message: "(.+?)"/;

function locate(resolver: ResolverFactory, folder: string, written: string): Target | undefined {
  const { path, moduleType, error } = resolver.sync(folder, written);
  const [, faulty, mistake] = FAULTY.exec(error ?? "") ?? [];
  if (faulty)
    throw Object.assign(new Error(`${faulty} is not JSON: ${mistake}`), { code: "ERR_INVALID_PACKAGE_CONFIG" });
  if (!path) return undefined;
  const [bare, query] = existsSync(path) ? [path, ""] : split(path);
  return { kind: kindOf(bare), path: bare, query, isModule: moduleType === "module" || bare.endsWith(".mjs") };
}

function sourceTarget(path: string | undefined): Target | undefined {
  return path === undefined ? undefined : { kind: kindOf(path), path, query: "", isModule: true };
}

/** Where a bundler serves the project, `/logo.svg` is a file of its folder `public`, or of the project itself. */
function servedFile(path: string, importer: string): Target | undefined {
  const manifest = fileAbove(dirname(importer), "package.json");
  const places = manifest ? [join(dirname(manifest), "public", path), join(dirname(manifest), path)] : [];
  const place = places.find((candidate) => existsSync(candidate));
  return place ? { kind: kindOf(place), path: place, query: "", isModule: true } : undefined;
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
