/** Workers that are processes of this machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UserError } from "../../util/errors.ts";
import { ROOT } from "../../util/root.ts";
import type { Crew, CrewEvents, JobRequest } from "./crew.ts";
import type { Engine } from "./engine.ts";
import { receive, send } from "./messages.ts";
import { engineOver } from "./pool.ts";

/** Characters of what a worker said that are told when it dies. */
const TOLD = 2000;
/** The file descriptor that a worker answers on. */
const ANSWERS = 3;

interface Worker {
  readonly number: number;
  readonly child: ChildProcess;
  /** What it has in its store: of this job and of the one before. */
  has: Set<string>;
  /** What it said since it was given its job. */
  said: string;
  greeted: boolean;
}

class LocalCrew implements Crew {
  readonly name: string;
  private readonly count: number;
  private readonly store = new Map<string, Uint8Array>();
  private readonly workers = new Map<number, Worker>();
  private readonly ends = new Set<Promise<void>>();
  private events!: CrewEvents;
  private started = 0;
  private closing = false;

  constructor(count: number) {
    this.count = count;
    this.name = `local, ${count} ${count === 1 ? "worker" : "workers"}`;
  }

  start(events: CrewEvents): void {
    this.events = events;
    for (let i = 0; i < this.count; i++) this.hire();
  }

  async put(sha256: string, bytes: Uint8Array): Promise<void> {
    this.store.set(sha256, bytes.slice());
  }

  async drop(sha256: string): Promise<void> {
    this.store.delete(sha256);
  }

  give(number: number, job: JobRequest, body: Uint8Array): void {
    const worker = this.workers.get(number) as Worker;
    const input = worker.child.stdin as Writable;
    const needed = new Set(Object.values(job.stored));
    // Writing to a process that has ended fails; its end is told by "close".
    const say = (header: object, bytes?: Uint8Array) => send(input, header, bytes).catch(() => {});
    for (const sha256 of worker.has) if (!needed.has(sha256)) say({ kind: "drop", sha256 });
    for (const sha256 of needed) if (!worker.has.has(sha256)) say({ kind: "store", sha256 }, this.store.get(sha256));
    worker.has = needed;
    worker.said = "";
    say(job, body);
  }

  async close(): Promise<void> {
    this.closing = true;
    for (const { child } of this.workers.values()) child.kill("SIGKILL");
    await Promise.all(this.ends);
  }

  private hire(): void {
    const number = ++this.started;
    const child = startWorker();
    const worker: Worker = { number, child, has: new Set(), said: "", greeted: false };
    this.workers.set(number, worker);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      worker.said = (worker.said + text).slice(-TOLD);
    });
    child.stdin?.on("error", () => {});
    this.ends.add(
      new Promise((resolve) => {
        child.on("error", (error) => this.lost(worker, error.message));
        child.on("close", (code, signal) => {
          this.lost(worker, `it ended with ${signal ?? `code ${code}`}`);
          resolve();
        });
      }),
    );
    this.listen(worker);
  }

  private async listen(worker: Worker): Promise<void> {
    const { number, child } = worker;
    for await (const { header, body } of receive<Record<string, unknown>>(child.stdio[ANSWERS] as Readable)) {
      if (header.kind === "hello") {
        worker.greeted = true;
        this.events.up(number, "here");
      } else this.events.answer(number, header, body);
    }
  }

  private lost(worker: Worker, why: string): void {
    const said = worker.said.trim();
    if (!this.workers.delete(worker.number) || this.closing) return;
    if (!worker.greeted) {
      this.closing = true;
      const problem = `a worker process does not start: ${why}\n${said}`;
      this.events.failed(new UserError(problem, "run `npm ci` and `npm run doctor`"));
      return;
    }
    this.events.down(worker.number, [why, said.split("\n").at(-1)].filter(Boolean).join(": "));
    this.hire();
  }
}

/** In a group of its own: Ctrl-C is for the program that gives the jobs, which ends its workers itself. */
function startWorker(): ChildProcess {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const script = fileURLToPath(new URL("./worker.ts", import.meta.url));
  return spawn(process.execPath, ["--import", tsx, script, String(ANSWERS)], {
    cwd: ROOT,
    detached: process.platform !== "win32",
    stdio: ["pipe", "ignore", "pipe", "pipe"],
  });
}

/** @param workers processes side by side */
export function localEngine(workers: number): Engine {
  if (Number.isInteger(workers) && workers >= 1) return engineOver(new LocalCrew(workers));
  throw new UserError(`${workers} workers`, "give a whole number, 1 or more");
}
