import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Contestant {
  label: string;
  /** Name of the kernelspec. */
  kernel: string;
  /** Cell that imports TensorFlow.js; empty where that is not meant. */
  tfjsImport: string;
  env?: Record<string, string>;
}

const IMPORT = 'import * as tf from "@tensorflow/tfjs";';

/** Deno is measured where the machine has it: its program is named by DENO_BIN or found on the PATH. */
function findDeno(): string | undefined {
  const program = process.env.DENO_BIN ?? "deno";
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return program;
  } catch {
    return undefined;
  }
}

/** Writes Deno's kernelspec below `folder`, which then has to be on JUPYTER_PATH. */
function writeDenoSpec(program: string, folder: string): void {
  const spec = join(folder, "kernels", "deno");
  mkdirSync(spec, { recursive: true });
  const argv = [program, "jupyter", "--kernel", "--conn", "{connection_file}"];
  writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv, display_name: "Deno", language: "typescript" }));
}

/** The kernels to compare. `scratch` receives kernelspecs that the environment does not have. */
export function contestants(scratch: string): Contestant[] {
  const ours = { label: "worldcompass", kernel: "worldcompass-typescript", tfjsImport: IMPORT };
  const found: Contestant[] = [
    { ...ours, label: "worldcompass, blocking check", env: { WORLDCOMPASS_TYPECHECK: "block" } },
    { ...ours, label: "worldcompass, concurrent check", env: { WORLDCOMPASS_TYPECHECK: "show" } },
    { label: "tslab (mended)", kernel: "tslab-mended", tfjsImport: IMPORT },
    { label: "ipykernel", kernel: "python3", tfjsImport: "" },
  ];
  const deno = findDeno();
  if (deno) {
    writeDenoSpec(deno, scratch);
    const env = { JUPYTER_PATH: scratch };
    found.push({
      label: "Deno (no type check)",
      kernel: "deno",
      tfjsImport: 'import * as tf from "npm:@tensorflow/tfjs";',
      env,
    });
  }
  return found;
}
