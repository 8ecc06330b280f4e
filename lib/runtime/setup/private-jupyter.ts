import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** JupyterLab's own folders, moved below `folder`, so that a user's configuration is neither read nor changed. */
export function privateJupyter(folder: string): Record<string, string> {
  return {
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
    IPYTHONDIR: join(folder, "ipython"),
  };
}

/**
 * JupyterLab runs CommonJS scripts with Node. Below an ES module project they would be taken for ES modules, and fail
 * with pages of output, unless a package.json nearer to them says what they are.
 */
export function declareCommonJs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
}
