import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The file of this name in the folder or the nearest one above it. */
export function fileAbove(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  return dirname(folder) === folder ? undefined : fileAbove(dirname(folder), name);
}

/** A folder's package.json. One that cannot be read says nothing: it is for npm to tell. */
export function readManifest<T>(file: string): Partial<T> {
  if (!existsSync(file)) return {};
  try {
    return (JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, "")) ?? {}) as Partial<T>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
