import { dirname, join } from "node:path";
import type TS from "typescript";
import { ts } from "../transform/typescript.ts";
import { isCell } from "./cells.ts";

/** Installed packages do not change under a running kernel, so what they import from each other is looked up once. */
const packageCaches = new Map<string, TS.ModuleResolutionCache>();

function packageCache(folder: string, options: TS.CompilerOptions): TS.ModuleResolutionCache {
  const key = JSON.stringify([folder, options]);
  const cache = packageCaches.get(key) ?? ts.createModuleResolutionCache(folder, (name) => name, options);
  packageCaches.set(key, cache);
  return cache;
}

/** Finds what an import means, as Node will. Cells may also import what only the kernel's own project has. */
export class Resolver {
  readonly #options: TS.CompilerOptions;
  readonly #host: TS.ModuleResolutionHost;
  readonly #fallback: string;
  #cache: TS.ModuleResolutionCache;
  /** Of imports inside installed packages. */
  readonly #packages: TS.ModuleResolutionCache;
  readonly #newCache: () => TS.ModuleResolutionCache;

  constructor(options: TS.CompilerOptions, host: TS.ModuleResolutionHost, folder: string, root: string) {
    this.#options = options;
    this.#host = host;
    this.#fallback = join(root, "cell.mts");
    this.#newCache = () => ts.createModuleResolutionCache(folder, (name) => name, options);
    this.#cache = this.#newCache();
    this.#packages = packageCache(folder, options);
  }

  /** Files may have come or gone. */
  forget(): void {
    this.#cache = this.#newCache();
  }

  resolve(specifier: string, importer: string, mode: TS.ResolutionMode): TS.ResolvedModuleWithFailedLookupLocations {
    if (isCell(specifier)) return cellResolution(join(dirname(importer), specifier));
    const found = this.#from(importer, specifier, mode);
    if (found.resolvedModule || !importer.endsWith("__.mts") || /^(\.{0,2}\/|[a-z]+:)/.test(specifier)) return found;
    return this.#from(this.#fallback, specifier, mode);
  }

  #from(importer: string, specifier: string, mode: TS.ResolutionMode) {
    const cache = importer.includes("/node_modules/") ? this.#packages : this.#cache;
    return ts.resolveModuleName(specifier, importer, this.#options, this.#host, cache, undefined, mode);
  }
}

/** Cells come and go, so whether one was there is never looked up in the cache. */
function cellResolution(resolvedFileName: string): TS.ResolvedModuleWithFailedLookupLocations {
  const resolvedModule = { resolvedFileName, extension: ts.Extension.Mts, isExternalLibraryImport: false };
  return { resolvedModule };
}
