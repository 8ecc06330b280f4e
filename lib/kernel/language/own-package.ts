import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

interface Text {
  code: string;
  cursor: number;
}

/**
 * TypeScript completes relative paths, but not a project's imports of itself by name. They are turned into the
 * relative paths they stand for; the end of the path, where the cursor is, stays as it was.
 */
export function ownImportAsPath({ code, cursor }: Text, folder: string, root: string): Text {
  const typed = /["'`]([^"'`\n]*)$/.exec(code.slice(0, cursor))?.[1] ?? "";
  const own = exportedFolder(root);
  if (!own || !typed.startsWith(own.prefix)) return { code, cursor };
  const path = relative(folder, join(root, own.target)).split(sep).join("/");
  const written = `${path.startsWith(".") ? path : `./${path}`}/${typed.slice(own.prefix.length)}`;
  const start = cursor - typed.length;
  return { code: code.slice(0, start) + written + code.slice(cursor), cursor: start + written.length };
}

/** Of a package.json with `"exports": { "./*": "./folder/*" }`: what such imports start with, and the folder. */
function exportedFolder(root: string): { prefix: string; target: string } | undefined {
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name?: string;
    exports?: Record<string, unknown>;
  };
  const target = exports?.["./*"];
  if (!name || typeof target !== "string" || !target.endsWith("/*")) return undefined;
  return { prefix: `${name}/`, target: target.slice(0, -2) };
}
