import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseTsconfig } from "get-tsconfig";
import { resolveExports } from "resolve-pkg-maps";
import { fileAbove, readManifest } from "./above.ts";
import { isInstalled } from "./names.ts";

interface Manifest {
  main: string;
  exports: Parameters<typeof resolveExports>[0];
}

/**
 * A package of the same workspace names the files that its build makes. Before that was run its sources do, found
 * through its tsconfig.json's `outDir` and `rootDir`, as TypeScript does for referenced projects.
 */
export function sourceOfOutput(specifier: string, from: string, conditions: string[]): string | undefined {
  const [, name, rest = ""] = /^(@[^/]+\/[^/]+|[^/]+)(\/.*)?$/.exec(specifier) ?? [];
  const folder = name && workspacePackage(name, from);
  if (!folder) return undefined;
  const { main = "index.js", exports } = readManifest<Manifest>(join(folder, "package.json"));
  const outputs = exports ? targets(exports, rest, conditions) : [rest.slice(1) || main];
  return outputs.map((output) => sourceOf(join(folder, output), folder)).find((path) => path !== undefined);
}

function targets(exports: Manifest["exports"], rest: string, conditions: string[]): string[] {
  try {
    return resolveExports(exports, rest.slice(1), [...conditions, "types"]);
  } catch {
    // A path that the package does not export: there is nothing to find.
    return [];
  }
}

/** The folder of a package that is linked from node_modules to its place in the workspace. */
function workspacePackage(name: string, from: string): string | undefined {
  const place = join(from, "node_modules", name);
  if (existsSync(join(place, "package.json"))) {
    const real = realpathSync(place);
    return isInstalled(join(real, "package.json")) ? undefined : real;
  }
  return dirname(from) === from ? undefined : workspacePackage(name, dirname(from));
}

function sourceOf(output: string, folder: string): string | undefined {
  const { outDir, rootDir } = buildFolders(folder);
  const inside = relative(outDir, output);
  if (inside.startsWith("..")) return undefined;
  const stem = join(rootDir, inside).replace(/(?:\.d)?\.([cm]?)[jt]sx?$/, "");
  const letter = /\.([cm]?)[jt]sx?$/.exec(inside)?.[1] ?? "";
  return [`${stem}.${letter}ts`, `${stem}.${letter}tsx`, `${stem}/index.ts`].find((path) => existsSync(path));
}

function buildFolders(folder: string): { outDir: string; rootDir: string } {
  const path = fileAbove(folder, "tsconfig.json");
  const { outDir = "dist", rootDir } = path ? buildOptions(path) : {};
  const base = path ? dirname(path) : folder;
  const source = existsSync(join(folder, "src")) ? join(folder, "src") : folder;
  return { outDir: resolve(base, outDir), rootDir: rootDir ? resolve(base, rootDir) : source };
}

function buildOptions(path: string): { outDir?: string; rootDir?: string } {
  try {
    return parseTsconfig(path).compilerOptions ?? {};
  } catch {
    // A tsconfig.json with mistakes builds nothing; what most projects do is the best guess.
    return {};
  }
}
