import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { nodeProgram } from "./node-program.ts";

const LOGO = "logo-svg.svg";

export interface Kernelspec {
  name: string;
  displayName: string;
}

export const DEFAULTS: Kernelspec = { name: "typebook", displayName: "TypeScript" };

/**
 * Writes the kernelspec into a folder `kernels` of Jupyter's. It names Node and the launcher by absolute paths, since
 * desktop programs and version managers do not have `node` on the PATH. Returns the kernelspec's folder.
 */
export function writeKernelspec(kernels: string, { name, displayName }: Kernelspec, kernel: string): string {
  const folder = join(kernels, name);
  const spec = {
    argv: [nodeProgram(), join(kernel, "launch", "launch.mjs"), "{connection_file}"],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: true },
  };
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  if (!holds(folder, text))
    replace(folder, { "kernel.json": text, [LOGO]: readFileSync(join(kernel, "assets", LOGO)) });
  return folder;
}

function holds(folder: string, text: string): boolean {
  const file = join(folder, "kernel.json");
  return existsSync(join(folder, LOGO)) && existsSync(file) && readFileSync(file, "utf8") === text;
}

/** What was there may be a link to somewhere else; a Jupyter that reads meanwhile finds a whole folder or none. */
function replace(folder: string, files: Record<string, string | Buffer>): void {
  mkdirSync(dirname(folder), { recursive: true });
  const staging = mkdtempSync(`${folder}-`);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(staging, name), content);
  chmodSync(staging, 0o755);
  rmSync(folder, { recursive: true, force: true });
  renameSync(staging, folder);
}

/** Returns the removed folder, or undefined when there was none. */
export function removeKernelspec(kernels: string, name: string): string | undefined {
  const folder = join(kernels, name);
  if (!existsSync(folder)) return undefined;
  rmSync(folder, { recursive: true });
  return folder;
}
