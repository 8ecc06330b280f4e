/** Scripts of this library in processes of their own, several side by side. */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Characters of what a failing process said that are told. */
const TOLD = 4000;

/**
 * Gives each job to a new process of `script`, which answers with messages (`tellParent`) and ends.
 * @param script a TypeScript file that takes one message, its job
 * @param side processes at a time
 * @param onMessage every answer, and the number of its job
 * @throws Error as soon as one fails, with what it said; it ends the others, and so does an interrupt
 */
export async function inProcesses<Job, Message>(
  script: URL,
  jobs: readonly Job[],
  side: number,
  onMessage: (message: Message, job: number) => void,
): Promise<void> {
  const running = new Set<ChildProcess>();
  const waiting = [...jobs.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [number, job] = next;
      const child = start(script);
      running.add(child);
      await finished(child, script, job, (message) => onMessage(message as Message, number));
      running.delete(child);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(side, jobs.length) }, work));
  } finally {
    waiting.length = 0;
    for (const child of running) child.kill();
  }
}

function start(script: URL): ChildProcess {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx"));
  return fork(fileURLToPath(script), {
    execArgv: ["--import", tsx.href],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

function finished(child: ChildProcess, script: URL, job: unknown, onMessage: (message: unknown) => void) {
  return new Promise<void>((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-TOLD);
    });
    child.on("message", onMessage);
    child.on("error", reject);
    // Not "exit": by then not everything that it said has been read.
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(new Error(`a process of ${basename(script.pathname)} ended with ${signal ?? `code ${code}`}\n${said}`));
    });
    child.send(job as object);
  });
}

const parent = process.ppid;

/** Sends an answer. Ends this process where the parent is gone: nobody would hear the rest. */
export function tellParent(message: object): Promise<void> {
  // A process that computes without a pause does not hear that its channel was closed.
  if (process.ppid !== parent) process.exit(1);
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}
