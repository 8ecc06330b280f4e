/**
 * Makes the project's kernels known to the Jupyter programs of `.cache/python`: every folder in `lib/kernel/spec` is
 * linked under the environment's own `share/jupyter/kernels`, so that no JUPYTER_PATH has to be set.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, realpath, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { announce } from "./announce.ts";
import { PYTHON_FOLDER, ROOT } from "./paths.ts";

export const KERNELSPECS = join(PYTHON_FOLDER, "share", "jupyter", "kernels");
const SOURCE = join(ROOT, "lib", "kernel", "spec");

/** Links each kernelspec once; an older link is replaced. Returns the names of all. */
export async function ensureKernelspecs(): Promise<string[]> {
  const entries = await readdir(SOURCE, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  await mkdir(KERNELSPECS, { recursive: true });
  for (const name of names) await link(join(SOURCE, name), join(KERNELSPECS, name));
  return names;
}

async function link(source: string, target: string): Promise<void> {
  if (existsSync(target) && (await realpath(target)) === (await realpath(source))) return;
  await rm(target, { recursive: true, force: true });
  await symlink(source, target, "junction");
  announce(`kernel registered in .cache/python: ${target.split(/[\\/]/).at(-1)}`);
}
