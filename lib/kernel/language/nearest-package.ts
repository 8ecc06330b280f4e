import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the kernel reads of a package.json. */
export interface Manifest {
  name?: string;
  exports?: Record<string, unknown>;
  /** The kernel's own settings. */
  typebook?: { preload?: string[] };
}

/** The package.json nearest above a folder, and the folder that it lies in. */
export function nearestPackage(folder: string): { folder: string; manifest: Manifest } | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) return { folder, manifest: JSON.parse(readFileSync(file, "utf8")) as Manifest };
  return folder === dirname(folder) ? undefined : nearestPackage(dirname(folder));
}
