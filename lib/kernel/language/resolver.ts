import { basename, dirname, join } from "node:path";
import type TS from "typescript";
import { sourceOfOutput } from "../loader/outputs.ts";
import { plainSpecifier } from "../loader/specifiers.ts";
import { ts } from "../transform/typescript.ts";
import { isCell } from "./cells.ts";
import { resolutionOptions } from "./project.ts";
import { Tsconfigs } from "./tsconfigs.ts";

/** Installed packages do not change under a running kernel, so what they import from each other is looked up once. */
const packageCaches = new Map<string, TS.ModuleResolutionCache>();

function packageCache(folder: string, options: TS.CompilerOptions): TS.ModuleResolutionCache {
  const key = JSON.stringify([folder, options]);
  const cache = packageCaches.get(key) ?? ts.createModuleResolutionCache(folder, (name) => name, options);
  packageCaches.set(key, cache);
  return cache;
}

type Resolution = TS.ResolvedModuleWithFailedLookupLocations;

interface Settings {
  options: TS.CompilerOptions;
  cache: TS.ModuleResolutionCache;
}

/** Finds what an import means, as the executor will. */
export class Resolver {
  readonly #options: TS.CompilerOptions;
  readonly #host: TS.ModuleResolutionHost;
  readonly #folder: string;
  readonly #tsconfigs = new Tsconfigs();
  /** Of cells and files, by the tsconfig.json that counts. */
  #caches = new Map<string, Settings>();
  /** Of imports inside installed packages. */
  readonly #packages: TS.ModuleResolutionCache;

  constructor(options: TS.CompilerOptions, host: TS.ModuleResolutionHost, folder: string) {
    this.#options = options;
    this.#host = host;
    this.#folder = folder;
    this.#packages = packageCache(folder, options);
  }

  /** Files may have come or gone. */
  forget(): void {
    this.#caches.clear();
  }

  resolve(specifier: string, importer: string, mode: TS.ResolutionMode): Resolution {
    // Cells come and go, so whether one was there is never looked up.
    if (isCell(specifier)) return fileResolution(join(dirname(importer), specifier));
    const written = plainSpecifier(specifier);
    const { options, cache } = this.#by(importer);
    const found = ts.resolveModuleName(written, importer, options, this.#host, cache, undefined, mode);
    if (found.resolvedModule) return found;
    // Where a package of the workspace was not built, its source stands for the file that the build would make.
    const use = mode === ts.ModuleKind.CommonJS ? "require" : "import";
    const source =
      isBare(written) && sourceOfOutput(written, dirname(importer), [use, ...(options.customConditions ?? [])]);
    return source ? fileResolution(source) : found;
  }

  #by(importer: string): Settings {
    if (importer.includes("/node_modules/")) return { options: this.#options, cache: this.#packages };
    const config = isCell(`./${basename(importer)}`) ? undefined : this.#tsconfigs.of(importer);
    const key = config?.path ?? "";
    const known = this.#caches.get(key) ?? this.#settings(resolutionOptions(config, this.#options));
    this.#caches.set(key, known);
    return known;
  }

  #settings(options: TS.CompilerOptions): Settings {
    return { options, cache: ts.createModuleResolutionCache(this.#folder, (name) => name, options) };
  }
}

function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}\/|[a-z]+:)/.test(specifier);
}

function fileResolution(resolvedFileName: string): Resolution {
  const extension = resolvedFileName.slice(resolvedFileName.lastIndexOf("."));
  return { resolvedModule: { resolvedFileName, extension, isExternalLibraryImport: false } as TS.ResolvedModuleFull };
}
