import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Put in by the build: the project that holds the kernel. */
declare const KERNEL_ROOT: string;

export const root = KERNEL_ROOT;
const here = dirname(fileURLToPath(import.meta.url));

/** Path of a compiled entry point. */
export function compiled(name: string): string {
  return join(here, `${name}.mjs`);
}

/** How Node starts the language process: from its snapshot where that could be built. */
export function languageCommand(folder: string): string[] {
  const snapshot = join(here, "language.blob");
  return existsSync(snapshot)
    ? ["--snapshot-blob", snapshot, compiled("language-main"), folder, root]
    : [compiled("language-main"), folder, root];
}

export const historyFile = process.env.WORLDCOMPASS_KERNEL_HISTORY ?? join(dirname(here), "history.jsonl");

/** `block`: a cell with type errors does not run. `show`: it runs, and they are shown. */
export type TypeChecking = "block" | "show" | "off";

/**
 * Runs that nobody watches (nbclient, nbconvert, nbmake, papermill) say so by `allow_stdin: false`; there a type error
 * fails the cell. WORLDCOMPASS_TYPECHECK overrides. @throws Error if it is set to anything else
 */
export function typeChecking(allowStdin: boolean): TypeChecking {
  const wanted = process.env.WORLDCOMPASS_TYPECHECK;
  if (wanted === undefined || wanted === "") return allowStdin ? "show" : "block";
  if (wanted === "block" || wanted === "show" || wanted === "off") return wanted;
  throw new Error(`WORLDCOMPASS_TYPECHECK is "${wanted}"; it must be block, show or off`);
}
