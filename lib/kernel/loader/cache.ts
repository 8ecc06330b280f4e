import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PreparedModule } from "../transform/module.ts";

/** Prepared library files on disk, named by the hash of their text, so that starting needs no TypeScript compiler. */
export class ModuleCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  static hash(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 20);
  }

  read(hash: string): PreparedModule | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(hash), "utf8")) as PreparedModule;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Written under another name first: a second kernel may read at the same time. */
  write(hash: string, module: PreparedModule): void {
    const temporary = `${this.#path(hash)}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(module));
    renameSync(temporary, this.#path(hash));
  }

  #path(hash: string): string {
    return join(this.#folder, `${hash}.json`);
  }
}
