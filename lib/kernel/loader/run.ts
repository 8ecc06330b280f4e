import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import { LINK } from "../transform/link.ts";
import type { Loaded } from "./loaded.ts";

/** What a file finds besides the globals. */
export interface Scope {
  require: NodeJS.Require;
  link: (specifier: string) => unknown;
  import: (specifier: string, options?: ImportCallOptions) => Promise<unknown>;
  resolve: (specifier: string) => string;
}

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname", LINK, "__wcImport", "__wcMeta"];

/** The name under which a version of a file runs: tracebacks and debuggers find the file by it. */
export function scriptUrl({ source, version }: Loaded): string {
  return `${pathToFileURL(source.path).href}?v=${version}-${source.hash}`;
}

/** Runs a file's code; a promise if it awaits. The inner function lets it declare the outer one's names for itself. */
export function runSource(loaded: Loaded, scope: Scope): unknown {
  const { source, module } = loaded;
  const prepared = source.module as NonNullable<typeof source.module>;
  const head = `(function (${PARAMETERS.join(", ")}) { return (${prepared.awaits ? "async " : ""}() => {`;
  const script = new Script(`${head}${prepared.js}\n})(); })`, {
    filename: scriptUrl(loaded),
    columnOffset: -head.length,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const run = script.runInThisContext() as (...values: unknown[]) => unknown;
  const folder = dirname(source.path);
  const own = [module.exports, scope.require, module, source.path, folder];
  return run.call(
    prepared.isModule ? undefined : module.exports,
    ...own,
    scope.link,
    scope.import,
    meta(source.path, scope),
  );
}

function meta(filename: string, { resolve }: Scope): Record<string, unknown> {
  const url = pathToFileURL(filename).href;
  return { url, filename, dirname: dirname(filename), main: false, env: process.env, resolve };
}
