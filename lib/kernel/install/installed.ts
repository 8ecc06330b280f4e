import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import { userCache } from "../launch/cache.mjs";

/** Which kernelspecs share a cache, so that the last one to be removed takes it along. */
const LIST = "installed.json";

function listed(cache: string): string[] {
  const file = join(cache, LIST);
  const all: unknown = existsSync(file) ? parsed(readFileSync(file, "utf8")) : [];
  const folders = Array.isArray(all) ? all.filter((folder): folder is string => typeof folder === "string") : [];
  return folders.filter((folder) => existsSync(join(folder, "kernel.json")));
}

/** A list that a full disk cut short is begun again. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}

/** The folders of the kernelspecs that are installed, by this cache's account. */
export function installed(cache = usedCache()): string[] {
  return listed(cache);
}

export function remember(cache: string, folder: string): void {
  writeFileSync(join(cache, LIST), `${JSON.stringify([...new Set([...listed(cache), folder])], null, 2)}\n`);
}

/** Where the kernel caches, whether or not it has done so yet. */
export function usedCache(): string {
  return process.env.TYPEBOOK_CACHE || userCache();
}

/**
 * Removes the cache when no kernelspec uses it any more; that of a checkout holds its builds and stays. Returns the
 * cache if it was removed.
 */
export function removeUnusedCache(): string | undefined {
  const cache = usedCache();
  const left = listed(cache);
  const isCheckout = existsSync(join(process.env.TYPEBOOK_ROOT as string, "front", "main.ts"));
  if (!existsSync(cache) || left.length > 0 || isCheckout) return undefined;
  rmSync(cache, { recursive: true });
  removeEmpty(dirname(cache), process.env.XDG_CACHE_HOME || homedir());
  return cache;
}

/** Removes a folder of a root, and those between them, as far as nothing is in them. */
export function removeEmpty(folder: string, root: string): void {
  const inside = relative(root, folder);
  if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) return;
  if (!existsSync(folder) || readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  removeEmpty(dirname(folder), root);
}
