import { dirname } from "node:path";
import { fileAbove, readManifest } from "./above.ts";

const types = new Map<string, string>();

/** Whether Node's own rules hold for what a file imports: an ES module of a project that compiles for Node. */
export function isNodeModule(file: string, module: string | undefined): boolean {
  if (!/^node/i.test(module ?? "")) return false;
  if (/\.m[jt]s$/.test(file)) return true;
  return !/\.c[jt]s$/.test(file) && packageType(dirname(file)) === "module";
}

function packageType(folder: string): string {
  let type = types.get(folder);
  if (type === undefined) {
    const manifest = fileAbove(folder, "package.json");
    type = (manifest && readManifest<{ type: string }>(manifest).type) || "commonjs";
    types.set(folder, type);
  }
  return type;
}
