import { dirname } from "node:path";
import { fileAbove, readManifest } from "../loader/above.ts";

/** What the kernel reads of a package.json. */
export interface Manifest {
  name?: string;
  exports?: Record<string, unknown>;
  /** The kernel's own settings. */
  typebook?: { preload?: string[] };
}

/** The package.json nearest above a folder, and the folder that it lies in. */
export function nearestPackage(folder: string): { folder: string; manifest: Manifest } | undefined {
  const file = fileAbove(folder, "package.json");
  return file ? { folder: dirname(file), manifest: readManifest<Manifest>(file) } : undefined;
}
