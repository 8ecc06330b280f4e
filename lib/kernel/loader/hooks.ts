import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { pathToFileURL } from "node:url";
import { RUNTIME_MODULE } from "../loader/names.ts";
import { ModuleCache } from "./cache.ts";
import { parseCellSpecifier } from "./names.ts";
import { RUNTIME_SOURCE } from "./runtime-module.ts";
import { isProjectSource, type Resolve, Versions } from "./versions.ts";

/** Node's module hooks: imports of cells, TypeScript sources of the project, and their versions. */
let versions: Versions;
let root = "";

export const initialize: InitializeHook<{ cache: string; root: string; prepare: string }> = (data) => {
  root = data.root;
  versions = new Versions(new ModuleCache(data.cache), async (path, text) => {
    const { prepareModule } = (await import(data.prepare)) as typeof import("../transform/module.ts");
    return prepareModule(path, text);
  });
};

export const resolve: ResolveHook = async (specifier, context, next) => {
  if (specifier === RUNTIME_MODULE) return { url: RUNTIME_MODULE, format: "module", shortCircuit: true };
  const plain: Resolve = async (wanted, parentURL) => (await next(wanted, { ...context, parentURL })).url;
  const cell = parseCellSpecifier(specifier);
  const resolved = cell ? await resolveForCell(cell, context, next) : await next(specifier, context);
  if (!isProjectSource(resolved.url)) return resolved;
  return { ...resolved, url: await versions.versioned(resolved.url, plain), format: "module" };
};

/** A package that the notebook's own folder does not have may still be one of the kernel's project. */
async function resolveForCell(
  { specifier, folder }: { specifier: string; folder: string },
  context: Parameters<ResolveHook>[1],
  next: Parameters<ResolveHook>[2],
): Promise<Awaited<ReturnType<typeof next>>> {
  const from = (place: string) => ({ ...context, parentURL: pathToFileURL(`${place}/cell.mts`).href });
  try {
    return await next(specifier, from(folder));
  } catch (error) {
    const isBare = !/^(\.{0,2}\/|[a-z]+:)/.test(specifier);
    if (!isBare || (error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    try {
      return await next(specifier, from(root));
    } catch {
      throw error;
    }
  }
}

export const load: LoadHook = async (url, context, next) => {
  if (url === RUNTIME_MODULE) return { format: "module", source: RUNTIME_SOURCE, shortCircuit: true };
  const [bare] = url.split("?v=");
  if (bare === url || !isProjectSource(bare)) return next(url, context);
  return { format: "module", source: (await versions.module(bare)).js, shortCircuit: true };
};
