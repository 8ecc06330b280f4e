import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const KERNEL_NAME = "worldcompass-typescript";
const SPEC = resolve(import.meta.dirname, "..", "spec", KERNEL_NAME);
const LOGO = "logo-svg.svg";

/** Where Jupyter looks for a user's own data; an empty variable counts as unset, as it does there. https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
export function jupyterDataFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA || join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

function installedFolder(): string {
  return join(jupyterDataFolder(), "kernels", KERNEL_NAME);
}

/** Writes the kernelspec for the user's every Jupyter. It names this project's launcher. Returns its folder. */
export function installForUser(): string {
  const folder = installedFolder();
  mkdirSync(folder, { recursive: true });
  const spec = JSON.parse(readFileSync(join(SPEC, "kernel.json"), "utf8")) as { argv: string[] };
  const argv = spec.argv.map((part) => part.replace("{resource_dir}", SPEC));
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify({ ...spec, argv }, null, 2)}\n`);
  copyFileSync(join(SPEC, LOGO), join(folder, LOGO));
  return folder;
}

/** Returns the removed folder, or undefined when the kernel was not installed. */
export function uninstallForUser(): string | undefined {
  const folder = installedFolder();
  if (!existsSync(folder)) return undefined;
  rmSync(folder, { recursive: true });
  return folder;
}
