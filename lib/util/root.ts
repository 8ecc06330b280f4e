/** The project's folder, so that paths mean the same from a shell, a test and a notebook. */
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Where this program's own files are. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Is it a package that somebody has installed? Then the project is theirs. */
export const INSTALLED = ROOT.split(sep).includes("node_modules");

/** A path relative to the project (where installed: to the current folder), or an absolute one as it is. */
export const fromRoot = (path: string): string => resolve(INSTALLED ? process.cwd() : ROOT, path);

/** One of this program's own files. */
export const ownFile = (path: string): string => join(ROOT, path);
