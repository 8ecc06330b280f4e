/** A folder that changes as one: a reader, or a crash, finds the old one or the new one. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../../util/alive.ts";
import { onFile } from "../../util/errors.ts";
import { flush, writeAtomic } from "../../util/files.ts";

/** Puts a folder with these files in the place of the one that is there. @throws UserError where the system refuses */
export function replaceFolder(folder: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  const parent = dirname(folder);
  const [fresh, old] = ["new", "old"].map((kind) => `${folder}.${process.pid}.${kind}`);
  onFile(folder, () => {
    mkdirSync(parent, { recursive: true });
    recover(folder);
    try {
      for (const [name, content] of Object.entries(files)) writeAtomic(join(fresh, name), content);
      if (existsSync(folder)) renameSync(folder, old);
      renameSync(fresh, folder);
      flush(parent);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
      if (existsSync(folder)) rmSync(old, { recursive: true, force: true });
    }
  });
}

/** Brings back, or removes, what a process left that was killed between the two renames. */
function recover(folder: string): void {
  const left = /^(.*)\.(\d+)\.(new|old)$/;
  for (const name of readdirSync(dirname(folder))) {
    const [, of, pid, kind] = left.exec(name) ?? [];
    if (of !== basename(folder) || isAlive(Number(pid))) continue;
    const path = join(dirname(folder), name);
    if (kind === "old" && !existsSync(folder)) renameSync(path, folder);
    else rmSync(path, { recursive: true, force: true });
  }
}
