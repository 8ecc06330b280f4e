/** Results that are kept for `Out`; older ones would only hold memory. */
const KEPT = 256;
/** `_` is the latest result, `__` the one before it, `___` the one before that. */
const LATEST = ["_", "__", "___"];

/** Getters that only tell a result. */
const TELLING = new WeakSet<object>();

/** Whether a getter may be called without running anybody's code. */
export function tellsResult(get: () => unknown): boolean {
  return TELLING.has(get);
}

/** What earlier cells had as their values, for later ones to use. */
export class Results {
  readonly #latest: unknown[] = [];
  readonly #out: Record<string, unknown> = {};

  /** Makes the results known. A name to which user code or a package gives another meaning keeps that. */
  install(): void {
    const define = (name: string, get: () => unknown) => {
      TELLING.add(get);
      const set = (value: unknown) =>
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: true });
      Object.defineProperty(globalThis, name, { get, set, configurable: true });
    };
    for (const [i, name] of LATEST.entries()) define(name, () => this.#latest[i]);
    define("Out", () => this.#out);
  }

  /** @param label the cell's number, or `*` if it has none */
  note(label: string, value: unknown): void {
    this.#latest.unshift(value);
    this.#latest.length = Math.min(this.#latest.length, LATEST.length);
    if (label === "*") return;
    this.#out[label] = value;
    const [oldest, ...others] = Object.keys(this.#out);
    if (others.length >= KEPT) delete this.#out[oldest];
  }
}
