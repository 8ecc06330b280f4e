import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "./user-error.ts";

/** Where Jupyter looks for a user's own data; an empty variable counts as unset, as it does there. https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
export function jupyterDataFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.JUPYTER_DATA_DIR) return resolve(env.JUPYTER_DATA_DIR);
  if (platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA || join(homedir(), "AppData", "Roaming"), "jupyter");
  return resolve(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

/** The folder of the Python environment whose `python` comes first in the PATH: an activated venv, or conda's. */
export function systemPrefix(): string {
  for (const python of ["python3", "python"]) {
    try {
      const options = { encoding: "utf8", stdio: "pipe" } as const;
      return execFileSync(python, ["-c", "import sys; print(sys.prefix)"], options).trim();
    } catch {
      // The other name then.
    }
  }
  throw new UserError("there is no python in the PATH, so --sys-prefix means nothing", "name the folder with --prefix");
}

/** Which folder `kernels` a command is about. */
export interface Where {
  "sys-prefix"?: boolean;
  prefix?: string;
}

/** That folder, and the one above it that is the person's own. */
export function kernelsFolder({ "sys-prefix": system, prefix }: Where): { kernels: string; root: string } {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME } = process.env;
  const shared = prefix !== undefined ? resolve(prefix) : system ? systemPrefix() : undefined;
  if (shared !== undefined) return { kernels: join(shared, "share", "jupyter", "kernels"), root: shared };
  return {
    kernels: join(jupyterDataFolder(), "kernels"),
    root: resolve(JUPYTER_DATA_DIR || XDG_DATA_HOME || homedir()),
  };
}
