import { inspect } from "node:util";
import { DISPLAY } from "../executor/display.ts";
import type { CellMaps } from "../protocol/executor.ts";
import { DEBUGGEE } from "./names.ts";

/**
 * The executor's end of the debugger. The debugger itself is in the front process; it finds this object through V8's
 * inspector, also while the executor is paused, when nothing here can be awaited.
 */
export class Debuggee {
  /** Whether a debugger is listening: exceptions may then pause. */
  attached = false;
  readonly #maps: (url: string) => CellMaps | undefined;

  constructor(maps: (url: string) => CellMaps | undefined) {
    this.#maps = maps;
    Object.defineProperty(globalThis, Symbol.for(DEBUGGEE), { value: this });
  }

  /** Undefined for a script that runs as it was written. */
  maps(url: string): CellMaps | undefined {
    return this.#maps(url);
  }

  /** MIME bundle of a value, JSON. A value whose own display method answers later is shown as text. */
  show(value: unknown): string {
    const bundle = { ...ownBundle(value), "text/plain": inspect(value) };
    return JSON.stringify(bundle, (_key, data) =>
      data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data,
    );
  }

  /** Elements of a long array, or keys and values of a map or set in turns. */
  part(collection: unknown, start: number, count: number): unknown[] {
    if (collection instanceof Map) return [...collection].slice(start, start + count).flat();
    if (collection instanceof Set) return [...collection].slice(start, start + count);
    return Array.from({ length: count }, (_, i) => (collection as unknown[])[start + i]);
  }
}

function ownBundle(value: unknown): Record<string, unknown> {
  const method = (value as Record<symbol, unknown> | null | undefined)?.[DISPLAY];
  if (typeof method !== "function") return {};
  const bundle: unknown = method.call(value);
  return bundle instanceof Promise ? {} : (bundle as Record<string, unknown>);
}
