/** Makes the project's kernels known to the Jupyter programs of `.cache/python`. */
import { existsSync } from "node:fs";
import { mkdir, realpath, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { withLock } from "../../util/lock.ts";
import { announce } from "./announce.ts";
import { PYTHON_FOLDER, packageFolder, ROOT } from "./paths.ts";
import { runProgram } from "./run-program.ts";

export const KERNELSPECS = join(PYTHON_FOLDER, "share", "jupyter", "kernels");
export const TYPESCRIPT = { name: "worldcompass-typescript", title: "TypeScript (worldcompass)" };
const TSLAB = { name: "tslab-mended", source: join(ROOT, "lib", "notebook", "tslab", "kernelspec") };

/** Each kernelspec is made afresh, so that one of a moved project or of another Node does not stay. Returns the names of all. */
export async function ensureKernelspecs(): Promise<string[]> {
  await mkdir(KERNELSPECS, { recursive: true });
  await withLock(KERNELSPECS, async () => {
    await install();
    await link(TSLAB.source, join(KERNELSPECS, TSLAB.name));
  });
  return [TYPESCRIPT.name, TSLAB.name];
}

/** The TypeScript kernel is a package of its own, and installs itself. */
async function install(): Promise<void> {
  const folder = packageFolder("typebook");
  if (!folder) throw new UserError("the TypeScript kernel's package is not installed", "run `npm ci`");
  const command = join(folder, "bin", "typebook.mjs");
  const place = ["--prefix", PYTHON_FOLDER, "--name", TYPESCRIPT.name, "--display-name", TYPESCRIPT.title];
  const { ok, reason } = await runProgram(process.execPath, [command, "install", ...place], {
    ...{ seconds: 120, cwd: join(ROOT, "notebooks") },
  });
  if (!ok) throw new UserError(`the TypeScript kernel could not be installed: ${reason}`, "run `npm ci`");
}

async function link(source: string, target: string): Promise<void> {
  if (existsSync(target) && (await realpath(target)) === (await realpath(source))) return;
  await rm(target, { recursive: true, force: true });
  await symlink(source, target, "junction");
  announce(`kernel registered in .cache/python: ${target.split(/[\\/]/).at(-1)}`);
}
