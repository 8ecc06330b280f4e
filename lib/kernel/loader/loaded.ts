import type { Followers } from "./followers.ts";
import { showValues } from "./shown.ts";
import type { Source } from "./sources.ts";

export interface ModuleObject {
  exports: unknown;
  id: string;
  filename: string;
  path: string;
  loaded: boolean;
  children: ModuleObject[];
  paths: string[];
}

/** One version of one file, and how far it has come. */
export interface Loaded {
  source: Source;
  version: string;
  /** Versions of all files that it was loaded with. */
  versions: ReadonlyMap<string, string>;
  module: ModuleObject;
  state: "new" | "running" | "done" | "failed";
  error?: unknown;
  /** Of a run that has not ended. */
  promise?: Promise<void>;
  /** What its run waits for. */
  waitsFor?: Loaded;
}

export function newLoaded(
  source: Source,
  version: string,
  versions: ReadonlyMap<string, string>,
  followers: Followers,
): Loaded {
  const { path } = source;
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")));
  const exports = source.module?.isModule ? moduleExports(source.module.variables, followers) : {};
  const module = { exports, id: path, filename: path, path: folder, loaded: false, children: [], paths: [] };
  return { source, version, versions, module, state: "new" };
}

/** Exported variables tell when they are set. */
function moduleExports(variables: string[], followers: Followers): object {
  const exports = Object.create(null, { [Symbol.toStringTag]: { value: "Module" } }) as Record<string, unknown>;
  showValues(exports, (key) => ({ value: exports[key] }));
  for (const name of variables) {
    let value: unknown;
    const get = () => value;
    const set = (next: unknown) => {
      value = next;
      followers.changed();
    };
    Object.defineProperty(exports, name, { get, set, enumerable: true, configurable: true });
  }
  return exports;
}

/** Whether a module that waits, through others, waits for `wanted`: modules may import each other. */
export function waitsFor(loaded: Loaded, wanted: Loaded): boolean {
  for (let at: Loaded | undefined = loaded; at; at = at.waitsFor) if (at === wanted) return true;
  return false;
}
