/** Where the project keeps what it provisions: `.cache/` at the top level, ignored by git and untouched by `npm ci`; or in WORLDCOMPASS_CACHE. */
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { ROOT } from "../../util/root.ts";

export { ROOT };
export const CACHE = resolve(process.env.WORLDCOMPASS_CACHE || join(ROOT, ".cache"));
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
