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

export const OURS = { kernel: "worldcompass-typescript", tfjsImport: IMPORT };
export const TSLAB: Contestant = { label: "tslab, mended", kernel: "tslab-mended", tfjsImport: IMPORT };

/** Writes a kernelspec that the environment does not have; `env` makes Jupyter find it. */
export function writeSpec(scratch: string, kernel: string, argv: string[]) {
  const folder = join(scratch, "kernels", kernel);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), JSON.stringify({ argv, display_name: kernel, language: "typescript" }));
  return { kernel, env: { JUPYTER_PATH: scratch } };
}

/** Deno takes part where the machine has it: its program is named by DENO_BIN or found on the PATH. */
export function findDeno(scratch: string): Contestant | undefined {
  const program = process.env.DENO_BIN ?? "deno";
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  const spec = writeSpec(scratch, "deno", [program, "jupyter", "--kernel", "--conn", "{connection_file}"]);
  return { ...spec, label: "Deno", tfjsImport: 'import * as tf from "npm:@tensorflow/tfjs";' };
}

/** The kernels to time. */
export function contestants(scratch: string): Contestant[] {
  const deno = findDeno(scratch);
  return [
    { ...OURS, label: "worldcompass, blocking check", env: { TYPEBOOK_TYPECHECK: "block" } },
    { ...OURS, label: "worldcompass, concurrent check", env: { TYPEBOOK_TYPECHECK: "show" } },
    TSLAB,
    ...(deno ? [{ ...deno, label: "Deno (no type check)" }] : []),
    { label: "ipykernel", kernel: "python3", tfjsImport: "" },
  ];
}
