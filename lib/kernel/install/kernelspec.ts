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
import { UserError } from "./user-error.ts";

const LOGO = "logo-svg.svg";

export interface Kernelspec {
  name: string;
  displayName: string;
}

export const DEFAULTS: Kernelspec = { name: "typebook", displayName: "TypeScript" };

/** What starts a kernel of this package, wherever it lies. */
const LAUNCHER = join("launch", "launch.mjs");

/**
 * Writes the kernelspec into a folder `kernels` of Jupyter's. It names Node and the launcher by absolute paths, since
 * desktop programs and version managers do not have `node` on the PATH. Returns the kernelspec's folder.
 */
export function writeKernelspec(kernels: string, { name, displayName }: Kernelspec, kernel: string): string {
  const folder = join(kernels, name);
  const spec = {
    argv: [nodeProgram(), join(kernel, LAUNCHER), "{connection_file}"],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: true },
  };
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  refuseForeign(folder);
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
  makeFolder(dirname(folder));
  const staging = mkdtempSync(`${folder}-`);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(staging, name), content);
  chmodSync(staging, 0o755);
  rmSync(folder, { recursive: true, force: true });
  renameSync(staging, folder);
}

/** One level after the other: below /proc, Node's own way would try for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Another program's kernel of this name is not ours to replace or remove. @throws UserError */
function refuseForeign(folder: string): void {
  const argv = argvOf(folder);
  if (argv.length === 0 || argv.some((part) => part.endsWith(LAUNCHER))) return;
  throw new UserError(`${folder} is the kernel of another program (${argv[0]})`, "choose another name with --name");
}

/** What a kernelspec starts; nothing if there is none in the folder. */
export function argvOf(folder: string): string[] {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return [];
  try {
    const { argv } = JSON.parse(readFileSync(file, "utf8")) as { argv?: unknown };
    return Array.isArray(argv) ? argv.map(String) : [];
  } catch {
    // Not a kernelspec.
    return [];
  }
}

/** Returns the removed folder, or undefined when there was none. */
export function removeKernelspec(kernels: string, name: string): string | undefined {
  const folder = join(kernels, name);
  if (!existsSync(folder)) return undefined;
  refuseForeign(folder);
  rmSync(folder, { recursive: true });
  return folder;
}
