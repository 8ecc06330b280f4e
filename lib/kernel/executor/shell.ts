import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Interrupts } from "./interrupt.ts";

/** What a shell command that failed ends the cell with. */
class ShellError extends Error {
  override readonly name = "ShellError";
}

/**
 * Runs a script by a shell in the working folder; what it prints is the cell's output, as it comes. It has no input.
 * An interrupt ends it and all it has started. @throws ShellError if it fails
 */
export function createShell({ guard }: Interrupts) {
  return async (script: string, program = process.env.SHELL || "sh"): Promise<void> => {
    // A process group of its own, so that all of it can be ended.
    const child = spawn(program, ["-c", script], { stdio: ["ignore", "pipe", "pipe"], detached: true });
    child.stdout.setEncoding("utf8").on("data", (text: string) => process.stdout.write(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => process.stderr.write(text));
    let over = false;
    try {
      const [code, signal] = (await guard(once(child, "close"))) as [number | null, NodeJS.Signals | null];
      over = true;
      if (code !== 0) throw new ShellError(`${program} ended with ${signal ?? `exit code ${code}`}`);
    } finally {
      if (!over) endGroup(child.pid);
    }
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
