/** Workers on a Ray cluster. Ray has none in JavaScript: a Python program (driver.py) keeps actors, which keep one Node process each. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpus } from "node:os";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { UserError } from "../../../util/errors.ts";
import { ROOT } from "../../../util/root.ts";
import { ensureExtra, RAY } from "../../setup/extras.ts";
import { pythonProgram } from "../../setup/python.ts";
import { codeHash } from "../code-hash.ts";
import type { Crew, CrewEvents, JobRequest } from "../crew.ts";
import type { Engine } from "../engine.ts";
import { receive, send } from "../messages.ts";
import { engineOver } from "../pool.ts";

export interface RayOptions {
  /** `ray://host:port` of a Ray client server, or `host:port` of the cluster itself; without it the one of this machine, or a new one. */
  readonly address?: string;
  readonly workers: number;
  /** Processors that the cluster sets aside for a worker. */
  readonly cpus?: number;
  /** Bytes of a new cluster's object store. */
  readonly store?: number;
}

interface Hello {
  readonly node: string;
  readonly code: string;
  readonly processor: string;
}

/** From driver.py. */
type Told =
  | { kind: "ready"; where: string }
  | { kind: "up"; worker: number; where: string; hello: Hello }
  | { kind: "down"; worker: number; why: string }
  | { kind: "answer"; worker: number; header: Record<string, unknown> }
  | { kind: "stored"; sha256: string }
  | { kind: "note"; text: string }
  | { kind: "failed"; why: string; fit: boolean };

const DRIVER = fileURLToPath(new URL("./driver.py", import.meta.url));
const STORE = 512 * 2 ** 20;
/** Seconds in which the driver ends when asked to. */
const END_SECONDS = 20;
/** Characters of what the driver said that are told when it dies. */
const TOLD = 2000;
const GOES_ON = "start it again; a run goes on from its last state";

class RayCrew implements Crew {
  readonly name: string;
  private readonly where: string;
  private readonly workers: number;
  private readonly child: ChildProcess;
  private readonly puts = new Map<string, () => void>();
  private readonly ended: Promise<void>;
  private events!: CrewEvents;
  private said = "";
  private over = false;
  private readonly present = new Set<number>();

  constructor({ address, workers, cpus: each = 1, store = STORE }: RayOptions) {
    this.where = address ?? "this machine's Ray";
    this.workers = workers;
    this.name = `ray${address ? ` (${address})` : ""}, ${workers} ${workers === 1 ? "worker" : "workers"}`;
    const options = { address, workers, cpus: each, store, root: ROOT, node: process.execPath };
    // In a group of its own: Ctrl-C is for this program, which ends the driver itself.
    this.child = spawn(pythonProgram("python"), ["-s", "-E", "-B", DRIVER, JSON.stringify(options)], {
      detached: process.platform !== "win32",
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.said = (this.said + text).slice(-TOLD);
    });
    this.child.stdin?.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => this.lost(error.message));
      this.child.on("close", (code, signal) => {
        this.lost(`its driver ended with ${signal ?? `code ${code}`}: ${this.said.trim().split("\n").at(-1)}`);
        resolve();
      });
    });
  }

  start(events: CrewEvents): void {
    this.events = events;
    this.listen();
  }

  put(sha256: string, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.puts.set(sha256, resolve);
      this.say({ kind: "put", sha256 }, bytes);
    });
  }

  async drop(sha256: string): Promise<void> {
    this.say({ kind: "drop", sha256 });
  }

  give(worker: number, job: JobRequest, body: Uint8Array): void {
    this.say({ kind: "give", worker, job }, body);
  }

  async close(): Promise<void> {
    this.over = true;
    this.say({ kind: "end" });
    const late = setTimeout(() => this.child.kill("SIGKILL"), END_SECONDS * 1000);
    await this.ended;
    clearTimeout(late);
  }

  /** Writing to a driver that has ended fails; its end is told by "close". */
  private say(header: object, body?: Uint8Array): void {
    send(this.child.stdin as Writable, header, body).catch(() => {});
  }

  private async listen(): Promise<void> {
    for await (const { header, body } of receive<Told>(this.child.stdout as Readable)) this.hear(header, body);
  }

  private hear(told: Told, body: Uint8Array): void {
    if (told.kind === "answer") this.events.answer(told.worker, told.header, body);
    else if (told.kind === "stored") this.puts.get(told.sha256)?.();
    else if (told.kind === "note") process.stderr.write(`engine: ${told.text}\n`);
    else if (told.kind === "up") this.up(told);
    else if (told.kind === "down") {
      this.present.delete(told.worker);
      this.events.down(told.worker, told.why);
    } else if (told.kind === "ready")
      process.stderr.write(`engine: ${told.where}, ${this.workers} workers asked for\n`);
    else if (told.fit) this.lost(told.why);
    else this.fail(new UserError(told.why, "all nodes need Node and the same checkout of the project"));
  }

  private up({ worker, where, hello }: Extract<Told, { kind: "up" }>): void {
    const misfit = misfitOf(where, hello);
    if (misfit) {
      this.fail(misfit);
      return;
    }
    if (hello.processor !== (cpus()[0]?.model ?? ""))
      process.stderr.write(
        `engine: ${where} has another processor (${hello.processor}); its results may differ in the last bits\n`,
      );
    this.present.add(worker);
    process.stderr.write(`engine: worker ${worker} is up on ${where}, ${this.present.size} of ${this.workers}\n`);
    this.events.up(worker, where);
  }

  private lost(why: string): void {
    this.fail(new UserError(`the Ray cluster (${this.where}) is lost: ${why}`, GOES_ON));
  }

  private fail(error: Error): void {
    if (this.over) return;
    this.over = true;
    this.events.failed(error);
    for (const resolve of this.puts.values()) resolve();
    this.child.stdin?.end();
  }
}

/** Why a worker that greets would come to other results. */
function misfitOf(where: string, { code, node }: Hello): UserError | undefined {
  if (code === codeHash() && majorOf(node) === majorOf(process.version)) return undefined;
  const problem = `the worker on ${where} runs another version of the project or of Node (${node})`;
  return new UserError(problem, "give all nodes the same checkout and the same Node");
}

const majorOf = (version: string): string => version.split(".")[0];

/** @throws UserError where Ray cannot be installed, or on numbers that make no engine */
export async function rayEngine(options: RayOptions): Promise<Engine> {
  if (!Number.isInteger(options.workers) || options.workers < 1)
    throw new UserError(`${options.workers} workers`, "give a whole number, 1 or more");
  await ensureExtra(RAY);
  return engineOver(new RayCrew(options));
}
