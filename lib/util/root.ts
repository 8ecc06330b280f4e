/** The project's folder, so that paths mean the same from a shell, a test and a notebook. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** A path relative to the project, or an absolute one as it is. */
export const fromRoot = (path: string): string => resolve(ROOT, path);
