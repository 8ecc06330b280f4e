import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PreparedModule } from "../transform/module.ts";

/** Prepared files on disk, named by the hash of their text, so that starting needs no TypeScript compiler. */
export class ModuleCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    unlessDiskRefuses(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  }

  static hash(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 20);
  }

  read(hash: string): PreparedModule | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(hash), "utf8")) as PreparedModule;
    } catch (error) {
      if (REFUSALS.has((error as NodeJS.ErrnoException).code ?? "") || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Written under another name first: a second kernel may read at the same time. */
  write(hash: string, module: PreparedModule): void {
    const temporary = `${this.#path(hash)}.${process.pid}`;
    unlessDiskRefuses(() => {
      try {
        writeFileSync(temporary, JSON.stringify(module));
        renameSync(temporary, this.#path(hash));
      } finally {
        rmSync(temporary, { force: true });
      }
    });
  }

  #path(hash: string): string {
    return join(this.#folder, `${hash}.json`);
  }
}

/** Full, read-only, out of quota, somebody else's, or gone. */
const REFUSALS = new Set(["ENOSPC", "EFBIG", "EROFS", "EDQUOT", "EACCES", "EPERM", "ENOENT", "ENOTDIR"]);

/** What cannot be kept is prepared again the next time; no reason for a cell to fail. */
function unlessDiskRefuses(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!REFUSALS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
