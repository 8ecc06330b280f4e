import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { UserError } from "../util/errors.ts";
import { type Failure, lineInCell } from "./failure.ts";

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), "run_notebook.py");

export interface ExecuteOptions {
  /** The Python program of an environment that has nbclient. */
  readonly python: string;
  /** Name of an installed kernelspec. */
  readonly kernel: string;
  /** Where the kernel runs: relative imports and file names start here. */
  readonly folder: string;
  /** Time limit of a cell in seconds; a cell's metadata may set its own as `timeout`. */
  readonly seconds: number;
  /** Called after each cell, with its index and the seconds it took. */
  onCell?(cell: number, seconds: number): void;
}

type Event =
  | { event: "cell"; cell: number; seconds: number }
  | { event: "error"; cell: number | null; ename: string; evalue: string; traceback: string[] }
  | { event: "done" };

const toFailure = ({ cell, ename, evalue, traceback }: Extract<Event, { event: "error" }>): Failure => ({
  cell: cell ?? undefined,
  line: lineInCell(traceback),
  ename,
  evalue,
  traceback,
});

/**
 * Executes a notebook file in place: its cells' outputs are written into it, also those before a failure.
 *
 * @returns the failure, or undefined when every cell ran
 * @throws UserError when the runner itself cannot run
 */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<Failure | undefined> {
  const { python, kernel, folder, seconds, onCell } = options;
  // It ends itself, and its kernel, when the process of this number is gone.
  const args = [SCRIPT, path, kernel, folder, String(seconds), String(process.pid)];
  const child = spawn(python, args, { stdio: ["ignore", "pipe", "pipe"] });
  const errors: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  let outcome: Failure | "done" | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as Event;
    if (event.event === "cell") onCell?.(event.cell, event.seconds);
    else outcome = event.event === "done" ? "done" : toFailure(event);
  }
  const status = await ended;
  if (outcome === undefined) {
    const reason = Buffer.concat(errors).toString().trim().split("\n").at(-1);
    throw new UserError(`the notebook runner ended with status ${status}: ${reason}`, "run `npm run setup`");
  }
  return outcome === "done" ? undefined : outcome;
}
