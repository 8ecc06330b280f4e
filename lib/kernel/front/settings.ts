import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The kernel's own package, and where it keeps what it can make again; launch/compiled.mjs says them. */
export const root = process.env.TYPEBOOK_ROOT as string;
const cache = process.env.TYPEBOOK_CACHE as string;
const here = dirname(fileURLToPath(import.meta.url));

export const compiledFolder = here;

/** Path of a compiled entry point. */
export function compiled(name: string): string {
  return join(here, `${name}.mjs`);
}

/**
 * How Node starts the language process: from its snapshot where that could be built, and where this Node accepts it;
 * otherwise from its sources.
 */
export function languageCommands(folder: string): string[][] {
  const snapshot = process.env.TYPEBOOK_SNAPSHOT;
  const plain = [compiled("language-main"), folder, root];
  return snapshot ? [["--snapshot-blob", snapshot, ...plain], plain] : [plain];
}

/** Where cells are remembered; undefined if TYPEBOOK_HISTORY is "off". */
export const historyFile = historyPath(process.env.TYPEBOOK_HISTORY);

function historyPath(wanted: string | undefined): string | undefined {
  if (wanted === "off") return undefined;
  return wanted || join(cache, "history.jsonl");
}

/** `block`: a cell with type errors does not run. `show`: it runs, and they are shown. */
export type TypeChecking = "block" | "show" | "off";

/**
 * Runs that nobody watches (nbclient, nbconvert, nbmake, papermill) say so by `allow_stdin: false`; there a type error
 * fails the cell. TYPEBOOK_TYPECHECK overrides. @throws Error if it is set to anything else
 */
export function typeChecking(allowStdin: boolean): TypeChecking {
  const wanted = process.env.TYPEBOOK_TYPECHECK;
  if (wanted === undefined || wanted === "") return allowStdin ? "show" : "block";
  if (wanted === "block" || wanted === "show" || wanted === "off") return wanted;
  throw new Error(`TYPEBOOK_TYPECHECK is "${wanted}"; it must be block, show or off`);
}
