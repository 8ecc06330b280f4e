import { dirname } from "node:path";
import { cacheFolder } from "../launch/cache.mjs";
import { ensureSnapshot } from "../launch/snapshot.mjs";
import { diagnose } from "./doctor.ts";
import { remember, removeEmpty, removeUnusedCache } from "./installed.ts";
import { kernelsFolder, type Where } from "./jupyter-folders.ts";
import { removeKernelspec, writeKernelspec } from "./kernelspec.ts";
import { UserError } from "./user-error.ts";

export type Options = Where & { name: string; "display-name": string };

const kernel = process.env.TYPEBOOK_ROOT as string;

function install(options: Options): void {
  const folder = writing(() =>
    writeKernelspec(
      kernelsFolder(options).kernels,
      { name: options.name, displayName: options["display-name"] },
      kernel,
    ),
  );
  const cache = cacheFolder();
  remember(cache, folder);
  // So that the first start is as fast as every other, and fastest in this folder.
  ensureSnapshot(import.meta.dirname, cache);
  console.log(`kernel installed in ${folder}`);
  if (/[\\/]_npx[\\/]/.test(kernel)) {
    console.log("It runs from npx's cache, which may be emptied. To keep it: npm install --global typebook");
  }
}

function uninstall(options: Options): void {
  const { kernels, root } = kernelsFolder(options);
  const folder = writing(() => removeKernelspec(kernels, options.name));
  if (!folder) throw new UserError(`there is no kernel ${options.name} in ${kernels}`, "see `jupyter kernelspec list`");
  console.log(`kernel removed from ${folder}`);
  removeEmpty(dirname(folder), root);
  const cache = removeUnusedCache();
  if (cache) console.log(`its cache and history removed from ${cache}`);
}

/** A folder that may not be written to is the person's to choose otherwise. */
function writing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (!code || !["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR", "EEXIST", "ENOENT"].includes(code)) throw error;
    throw new UserError(`${path} cannot be written (${code})`, "choose another place with --prefix, or mend that one");
  }
}

/** Prints a line for each part that was tried. Sets the exit code if one does not work. */
async function doctor(): Promise<void> {
  for await (const { name, ok, found, mend } of diagnose(kernel)) {
    console.log(`${ok ? "ok     " : "MISSING"} ${name}: ${found}${ok || !mend ? "" : `\n        mend: ${mend}`}`);
    if (!ok) process.exitCode = 1;
  }
}

export const COMMANDS: Record<string, (options: Options) => void | Promise<void>> = { install, uninstall, doctor };
