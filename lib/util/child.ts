/** Scripts of this library in processes of their own, several side by side. */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Characters of what a failing process said that are told. */
const TOLD = 4000;

/** What a process says when it has done a job, and what it is told when there is none left. */
const FREE = "free";
const NO_MORE = "no more";

/**
 * Deals out jobs to processes of `script`: each takes one after the other (`takeJobs`) and answers with messages (`tellParent`).
 * @param script a TypeScript file
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
  const work = (): Promise<void> => {
    const child = start(script);
    running.add(child);
    return served(child, basename(script.pathname), waiting, onMessage as (message: unknown, job: number) => void);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(side, jobs.length) }, work));
  } finally {
    waiting.length = 0;
    for (const child of running) child.kill();
  }
}

/** Is this file itself JavaScript, built for an installed package? Then so is the script. */
const BUILT = import.meta.url.endsWith(".js");

function start(script: URL): ChildProcess {
  const path = fileURLToPath(script);
  const loader = (): string => pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return fork(BUILT ? path.replace(/[.]ts$/, ".js") : path, {
    execArgv: BUILT ? [] : ["--import", loader()],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** Gives a process what waits, until nothing does. */
function served(
  child: ChildProcess,
  name: string,
  waiting: [number, unknown][],
  onMessage: (message: unknown, job: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let job: number | undefined;
    let said = "";
    const give = (): void => {
      const next = waiting.shift();
      job = next?.[0];
      child.send(next ? (next[1] as object) : NO_MORE);
    };
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-TOLD);
    });
    child.on("message", (message) => (message === FREE ? give() : onMessage(message, job as number)));
    child.on("error", reject);
    // Not "exit": by then not everything that it said has been read.
    child.on("close", (code, signal) => {
      if (code === 0 && job === undefined) resolve();
      else reject(new Error(`a process of ${name} ended with ${signal ?? `code ${code}`}\n${said}`));
    });
    give();
  });
}

/** In a script of `inProcesses`: does each job that it is given. */
export function takeJobs<Job>(work: (job: Job) => void | Promise<void>): void {
  process.on("message", async (message: Job | typeof NO_MORE) => {
    if (message === NO_MORE) return process.disconnect();
    await work(message as Job);
    await send(FREE);
  });
}

const parent = process.ppid;

/** Sends an answer. Ends this process where the parent is gone: nobody would hear the rest. */
export const tellParent = (message: object): Promise<void> => send(message);

function send(message: object | string): Promise<void> {
  // A process that computes without a pause does not hear that its channel was closed.
  if (process.ppid !== parent) process.exit(1);
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}
