import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

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
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) {
      type = (JSON.parse(readFileSync(manifest, "utf8")) as { type?: string }).type ?? "commonjs";
    } else type = dirname(folder) === folder ? "commonjs" : packageType(dirname(folder));
    types.set(folder, type);
  }
  return type;
}
