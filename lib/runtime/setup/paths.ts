/**
 * Where the project keeps what it provisions: `.cache/` at the top level, ignored by git and untouched by `npm ci`; of an
 * installed package `node_modules/.cache/worldcompass`; or in WORLDCOMPASS_CACHE.
 */
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { INSTALLED, ROOT } from "../../util/root.ts";

export { ROOT };

const OWN = INSTALLED ? join(ROOT, "..", ".cache", "worldcompass") : join(ROOT, ".cache");
export const CACHE = resolve(process.env.WORLDCOMPASS_CACHE || OWN);
export const PYTHON_FOLDER = join(CACHE, "python");
export const FFMPEG_CACHE = join(CACHE, "ffmpeg", process.platform === "win32" ? "ffmpeg.exe" : "ffmpeg");

const require = createRequire(import.meta.url);

/** Folder of an installed npm package, or undefined when it is not installed. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
