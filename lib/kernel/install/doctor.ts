import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, lasts } from "../launch/cache.mjs";
import { findSnapshot } from "../launch/snapshot.mjs";
import { installed } from "./installed.ts";
import { jupyterDataFolder } from "./jupyter-folders.ts";
import { argvOf } from "./kernelspec.ts";
import { probeKernel } from "./probe.ts";

const run = promisify(execFile);
const OLDEST_NODE = [20, 19];
const AGAIN = "run `typebook install` again";

/** What one part of the installation did when it was tried. */
export interface Check {
  name: string;
  ok: boolean;
  found: string;
  /** What to do about it. */
  mend?: string;
}

/** Tries every part, in the order of dependence. */
export async function* diagnose(kernel: string): AsyncGenerator<Check> {
  yield checkNode();
  yield checkPackages(kernel);
  yield checkCache();
  yield await checkCell("the kernel itself", [process.execPath, join(kernel, "launch", "launch.mjs")]);
  const folders = [...new Set([...installed(), ...userKernelspecs(kernel)])];
  for (const folder of folders) yield await checkKernelspec(folder);
  if (folders.length === 0) yield { name: "kernelspec", ok: false, found: "none", mend: "run `typebook install`" };
  yield await checkJupyter(folders);
}

function checkNode(): Check {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const found = `${process.version} (${process.execPath})`;
  return { name: "node", ok, found, mend: `install Node ${OLDEST_NODE.join(".")} or later` };
}

/** Loads them: an addon for another machine or another C library is there, but of no use. */
function checkPackages(kernel: string): Check {
  const require = createRequire(join(kernel, "package.json"));
  const mend = "install the package again";
  try {
    const { version } = require("zeromq") as { version: string };
    const { version: typescript } = require("typescript/package.json") as { version: string };
    return { name: "packages", ok: true, found: `TypeScript ${typescript}, libzmq ${version}` };
  } catch (error) {
    return { name: "packages", ok: false, found: (error as Error).message.split("\n")[0], mend };
  }
}

function checkCache(): Check {
  const mend = "make ~/.cache a folder of yours that others cannot write to, or name one with TYPEBOOK_CACHE";
  try {
    const cache = cacheFolder();
    if (!lasts(cache)) return { name: "cache", ok: false, found: "none: every start takes a second longer", mend };
    const snapshot = findSnapshot(import.meta.dirname, cache);
    const size = snapshot ? `snapshot of ${Math.round(statSync(snapshot).size / 2 ** 20)} MB` : "no snapshot";
    const again = "empty that folder, and free space on its disk";
    return { name: "cache", ok: snapshot !== undefined, found: `${cache}, ${size}`, mend: again };
  } catch (error) {
    return { name: "cache", ok: false, found: (error as Error).message, mend };
  }
}

async function checkCell(name: string, argv: string[], mend = "report what stands above"): Promise<Check> {
  try {
    const ms = await probeKernel(argv.includes("{connection_file}") ? argv : [...argv, "{connection_file}"], tmpdir());
    return { name, ok: true, found: `ran a cell ${(ms / 1000).toFixed(1)} s after its start` };
  } catch (error) {
    return { name, ok: false, found: (error as Error).message, mend };
  }
}

/** Those of this user's that start this kernel or another copy of it. */
function userKernelspecs(kernel: string): string[] {
  const kernels = join(jupyterDataFolder(), "kernels");
  if (!existsSync(kernels)) return [];
  const folders = readdirSync(kernels).map((name) => join(kernels, name));
  return folders.filter((folder) => argvOf(folder).some((part) => part.startsWith(kernel)));
}

async function checkKernelspec(folder: string): Promise<Check> {
  const argv = argvOf(folder);
  const missing = argv.slice(0, 2).find((path) => !existsSync(path));
  if (missing) return { name: folder, ok: false, found: `${missing} is not there any more`, mend: AGAIN };
  return checkCell(folder, argv, AGAIN);
}

/** Whether the Jupyter in the PATH knows the kernel. A front-end that brings its own Jupyter may not need one there. */
async function checkJupyter(folders: string[]): Promise<Check> {
  const name = "jupyter";
  const listing = await run("jupyter", ["kernelspec", "list", "--json"], { timeout: 60_000 }).catch((error) => error);
  if (listing instanceof Error) {
    const absent = (listing as NodeJS.ErrnoException).code === "ENOENT";
    const found = absent ? "not in the PATH; VS Code needs none there" : listing.message.split("\n")[0];
    return { name, ok: absent, found, mend: "mend the Jupyter in the PATH" };
  }
  const { kernelspecs } = JSON.parse(listing.stdout) as { kernelspecs: Record<string, { resource_dir: string }> };
  const known = Object.entries(kernelspecs).filter(([, { resource_dir }]) => folders.includes(resource_dir));
  if (known.length > 0) return { name, ok: true, found: `knows ${known.map(([kernel]) => kernel).join(", ")}` };
  return {
    name,
    ok: false,
    found: "does not know the kernel",
    mend: "`typebook install`, or --sys-prefix for that one",
  };
}
