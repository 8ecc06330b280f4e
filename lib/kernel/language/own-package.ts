import { join, relative, sep } from "node:path";
import { nearestPackage } from "./nearest-package.ts";

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
  const nearest = nearestPackage(folder);
  const { name, exports } = nearest?.manifest ?? {};
  const target = exports?.["./*"];
  if (!nearest || !name || typeof target !== "string" || !target.endsWith("/*")) return undefined;
  return { prefix: `${name}/`, target: join(nearest.folder, target.slice(0, -2)) };
}
