import { mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type Files = Record<string, string>;

/** A folder of somebody else's, with these files. */
export function folderWith(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "kernel-folder-")));
  for (const [name, text] of Object.entries(files)) addFile(folder, name, text);
  return folder;
}

export function addFile(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** Links a folder's packages to its node_modules by their names, as npm does for workspaces. */
export function linkPackages(folder: string, places: string[]): void {
  for (const place of places) {
    const { name } = JSON.parse(readFileSync(join(folder, place, "package.json"), "utf8")) as { name: string };
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(folder, place), link, "junction");
  }
}
