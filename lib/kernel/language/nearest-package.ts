import { dirname } from "node:path";
import { fileAbove, readManifest } from "../loader/above.ts";

/** What the kernel reads of a package.json. */
export interface Manifest {
  name?: string;
  exports?: Record<string, unknown>;
  /** The kernel's own settings. */
  typebook?: { preload?: unknown } | null;
}

/** The package.json nearest above a folder, and the folder that it lies in. */
export function nearestPackage(folder: string): { folder: string; manifest: Manifest } | undefined {
  const file = fileAbove(folder, "package.json");
  return file ? { folder: dirname(file), manifest: readManifest<Manifest>(file) } : undefined;
}

/** The packages whose declarations the project wants read ahead of time. */
export function preloaded(folder: string): string[] {
  const names = nearestPackage(folder)?.manifest.typebook?.preload;
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}
