/** Runs a program with a time limit, because a network that drops packets would otherwise hang it for ever. */
import { spawn } from "node:child_process";
import { killChild, tieChild } from "../../util/tied.ts";

export interface CommandOptions {
  /** Time limit in seconds; the program and its children are killed at its end. */
  seconds: number;
  cwd?: string;
  /** Added to the process's own environment. */
  env?: Record<string, string>;
}

export interface CommandResult {
  ok: boolean;
  /** stdout and stderr, in the order in which they came. */
  output: string;
  /** The last line that says something: what went wrong, when `ok` is false. */
  reason: string;
}

/** Never throws: a program that is missing, fails or takes too long is a result whose `ok` is false. */
export function runProgram(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  const { seconds, cwd, env } = options;
  // A process group of its own, so that the children of pip or node-gyp can be stopped with it.
  const detached = process.platform !== "win32";
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached,
    stdio: ["ignore", "pipe", "pipe"],
  });
  tieChild(child, { group: detached });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const finish = (ok: boolean, why?: string) => {
      clearTimeout(timer);
      const output = Buffer.concat(chunks).toString();
      resolve({ ok, output, reason: why ?? lastLine(output) });
    };
    const timer = setTimeout(() => {
      killChild(child, detached);
      finish(false, `no end after ${seconds} s`);
    }, seconds * 1000);
    child.on("error", (error) => finish(false, error.message));
    child.on("close", (code) => finish(code === 0));
  });
}

/** pip and compilers put the error last or near it; a line that names an error is preferred. */
function lastLine(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "no output";
}
