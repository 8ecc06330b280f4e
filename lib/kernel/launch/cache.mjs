// A folder for what the kernel makes once and loads again. Code is loaded from it, so it must be its user's alone.
import { accessSync, constants, existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

const GROUP_OR_OTHERS_WRITE = 0o022;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

const PASSING = join(tmpdir(), "typebook-");

/** Whether what is put into a cache will be there for the next kernel. */
export function lasts(cache) {
  return !cache.startsWith(PASSING);
}

/** Where programs of this platform keep what they can make again. */
export function userCache(env = process.env, platform = process.platform) {
  const home = homedir();
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "typebook", "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", "typebook");
  return join(isAbsolute(env.XDG_CACHE_HOME || "") ? env.XDG_CACHE_HOME : join(home, ".cache"), "typebook");
}

/** Why code in a folder, which need not be there yet, may not be trusted, or undefined where it may. */
export function distrust(folder) {
  if (!process.getuid) return undefined;
  const own = lstatSync(folder, { throwIfNoEntry: false });
  if (own && !own.isDirectory()) return `${folder} is not a folder`;
  if (own && own.uid !== process.getuid()) return `${folder} belongs to another user`;
  if (own && own.mode & GROUP_OR_OTHERS_WRITE) return `${folder} may be written to by other users`;
  return distrustAbove(realAbove(resolve(folder)));
}

/** The folder above, or the nearest one there is, wherever links lead. */
function realAbove(folder) {
  const above = dirname(folder);
  return existsSync(above) ? realpathSync(above) : realAbove(above);
}

/** Whoever can rename a folder can put another in its place. */
function distrustAbove(folder) {
  const { uid, mode } = lstatSync(folder);
  if (uid !== 0 && uid !== process.getuid()) return `${folder} belongs to another user`;
  if (mode & OTHERS_WRITE && !(mode & STICKY)) return `${folder} may be written to by other users`;
  return folder === dirname(folder) ? undefined : distrustAbove(dirname(folder));
}

/** Makes the folder if it is missing. @throws Error where that is impossible, or others could put code into it */
function usable(folder) {
  if (!isAbsolute(folder)) throw new Error(`${folder} is not an absolute path`);
  const reason = distrust(folder);
  if (reason) throw new Error(reason);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  accessSync(folder, constants.W_OK);
  return folder;
}

/**
 * TYPEBOOK_CACHE, else the first of the preferred folders or the user's cache that will do, else a folder that lives
 * as long as this process. @throws Error if TYPEBOOK_CACHE cannot be used
 */
export function cacheFolder(preferred = []) {
  if (process.env.TYPEBOOK_CACHE) return usable(resolve(process.env.TYPEBOOK_CACHE));
  for (const folder of [...preferred, userCache()]) {
    try {
      return usable(folder);
    } catch {
      // The next one then.
    }
  }
  const passing = mkdtempSync(PASSING);
  process.on("exit", () => rmSync(passing, { recursive: true, force: true }));
  return passing;
}
