import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { cellSpecifier } from "../loader/names.ts";

export interface LoaderPlaces {
  hooks: string;
  prepare: string;
  cache: string;
  root: string;
}

let places: LoaderPlaces | undefined;

/** The loader is a thread of its own in Node, so it is only started by the first import. */
export function setLoader(loader: LoaderPlaces): void {
  places = loader;
}

function startLoader(): void {
  if (!places) return;
  const { hooks, prepare, cache, root } = places;
  places = undefined;
  register(pathToFileURL(hooks), { data: { cache, root, prepare: pathToFileURL(prepare).href } });
}

/**
 * `import()` for cells. `names` must exist in the module: a cell's `import { x }` of something missing fails as it
 * would in a module. @throws whatever loading the module throws
 */
export async function importForCell(
  specifier: string,
  options?: ImportCallOptions,
  names: readonly string[] = [],
): Promise<Record<string, unknown>> {
  startLoader();
  const module = (await import(cellSpecifier(String(specifier), process.cwd()), options)) as Record<string, unknown>;
  for (const name of names) {
    if (!(name in module)) {
      throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${name}'`);
    }
  }
  return module;
}

/** `import.meta` of cells. */
export function cellMeta(): Record<string, unknown> {
  const filename = `${process.cwd()}/cell.mts`;
  const url = pathToFileURL(filename).href;
  return { url, filename, dirname: process.cwd(), resolve: (specifier: string) => new URL(specifier, url).href };
}
