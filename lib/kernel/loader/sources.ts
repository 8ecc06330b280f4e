import { readFileSync, statSync } from "node:fs";
import type { CellMaps } from "../protocol/executor.ts";
import type { PreparedModule } from "../transform/module.ts";
import { ModuleCache } from "./cache.ts";
import type { Compiler } from "./compiler.ts";
import { type Kind, kindOf } from "./names.ts";
import type { Tsconfigs } from "./tsconfig.ts";

/** A file of the project at its present state. */
export interface Source {
  path: string;
  kind: Kind;
  /** Of its text and of the options it is compiled with. */
  hash: string;
  /** Of `source` files. */
  module?: PreparedModule;
}

/** The project's files, read and compiled again when they change. */
export class Sources {
  readonly #compiler: Compiler;
  readonly #tsconfigs: Tsconfigs;
  readonly #known = new Map<string, { stamp: string; source: Source }>();
  readonly #maps = new Map<string, CellMaps>();

  constructor(compiler: Compiler, tsconfigs: Tsconfigs) {
    this.#compiler = compiler;
    this.#tsconfigs = tsconfigs;
  }

  /** @throws SyntaxError that names file, line and column */
  look(path: string): Source {
    const { mtimeMs, size } = statSync(path);
    const stamp = `${mtimeMs}:${size}`;
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.source;
    const source = this.#read(path);
    this.#known.set(path, { stamp, source });
    return source;
  }

  /** How to get from running code back to the file; undefined when it is not one of ours. */
  maps(hash: string): CellMaps | undefined {
    return this.#maps.get(hash);
  }

  #read(path: string): Source {
    const kind = kindOf(path);
    if (kind !== "source") return { path, kind, hash: ModuleCache.hash(readFileSync(path, "latin1")) };
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    const { options } = this.#tsconfigs.of(path);
    const { hash, module } = this.#compiler.prepare({ path, text, options });
    this.#maps.set(hash, module.maps);
    return { path, kind, hash, module };
  }
}
