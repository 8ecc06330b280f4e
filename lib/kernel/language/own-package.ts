import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

interface Text {
  code: string;
  cursor: number;
}

/**
 * TypeScript completes relative paths, but not a project's imports of itself by name. They are turned into the
 * relative paths they stand for; the end of the path, where the cursor is, stays as it was.
 */
export function ownImportAsPath({ code, cursor }: Text, folder: string): Text {
  const typed = /["'`]([^"'`\n]*)$/.exec(code.slice(0, cursor))?.[1] ?? "";
  const own = exportedFolder(folder);
  if (!own || !typed.startsWith(own.prefix)) return { code, cursor };
  const path = relative(folder, own.target).split(sep).join("/");
  const written = `${path.startsWith(".") ? path : `./${path}`}/${typed.slice(own.prefix.length)}`;
  const start = cursor - typed.length;
  return { code: code.slice(0, start) + written + code.slice(cursor), cursor: start + written.length };
}

/** Of a package.json with `"exports": { "./*": "./folder/*" }`: what such imports start with, and the folder. */
function exportedFolder(folder: string): { prefix: string; target: string } | undefined {
  const file = nearestPackage(folder);
  if (!file) return undefined;
  const { name, exports } = JSON.parse(readFileSync(file, "utf8")) as {
    name?: string;
    exports?: Record<string, unknown>;
  };
  const target = exports?.["./*"];
  if (!name || typeof target !== "string" || !target.endsWith("/*")) return undefined;
  return { prefix: `${name}/`, target: join(dirname(file), target.slice(0, -2)) };
}

function nearestPackage(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) return file;
  return folder === dirname(folder) ? undefined : nearestPackage(dirname(folder));
}
