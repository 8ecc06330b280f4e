import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { PreparedModule } from "../transform/module.ts";
import { ModuleCache } from "./cache.ts";

/** specifier, importing URL -> URL */
export type Resolve = (specifier: string, parentURL: string) => Promise<string>;
/** Loaded when a file is not in the cache: it brings the TypeScript compiler with it. */
export type Prepare = (path: string, text: string) => Promise<PreparedModule>;

interface Known {
  stamp: string;
  hash: string;
  module: PreparedModule;
}

/** Project sources, which may change while the kernel runs. Installed packages do not. */
export function isProjectSource(url: string): boolean {
  return url.startsWith("file:") && /\.m?ts$/.test(url) && !url.includes("/node_modules/");
}

/**
 * The version of a file is a hash of its own text and that of everything it imports, so an edit anywhere below a
 * module gives the module a new URL and Node loads it afresh, while untouched modules keep their state.
 */
export class Versions {
  readonly #cache: ModuleCache;
  readonly #prepare: Prepare;
  readonly #known = new Map<string, Known>();

  constructor(cache: ModuleCache, prepare: Prepare) {
    this.#cache = cache;
    this.#prepare = prepare;
  }

  async versioned(url: string, resolve: Resolve): Promise<string> {
    const reached = new Map<string, string>();
    await this.#reach(url, resolve, reached);
    const hash = createHash("sha256");
    for (const [path, content] of [...reached].sort()) hash.update(`${path}\0${content}\n`);
    return `${url}?v=${hash.digest("hex").slice(0, 12)}-${reached.get(url)}`;
  }

  /** The prepared text of a file at its present state. */
  async module(url: string): Promise<PreparedModule> {
    return (await this.#look(url)).module;
  }

  async #reach(url: string, resolve: Resolve, reached: Map<string, string>): Promise<void> {
    if (reached.has(url)) return;
    const { hash, module } = await this.#look(url);
    reached.set(url, hash);
    for (const specifier of module.imports) {
      const target = await resolve(specifier, url).catch(() => undefined);
      if (target && isProjectSource(target)) await this.#reach(target, resolve, reached);
    }
  }

  async #look(url: string): Promise<Known> {
    const path = fileURLToPath(url);
    const { mtimeMs, size } = statSync(path);
    const stamp = `${mtimeMs}:${size}`;
    const known = this.#known.get(url);
    if (known?.stamp === stamp) return known;
    const text = readFileSync(path, "utf8");
    const hash = ModuleCache.hash(`${pathToFileURL(path).href}\n${text}`);
    const module = this.#cache.read(hash) ?? (await this.#prepareNew(path, text, hash));
    const fresh = { stamp, hash, module };
    this.#known.set(url, fresh);
    return fresh;
  }

  async #prepareNew(path: string, text: string, hash: string): Promise<PreparedModule> {
    const module = await this.#prepare(path, text);
    this.#cache.write(hash, module);
    return module;
  }
}
