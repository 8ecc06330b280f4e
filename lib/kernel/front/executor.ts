import type { Duplex } from "node:stream";
import type { Command, CommMessage, ErrorReport, Event, PathPart, RunCommand } from "../protocol/executor.ts";
import { ExecutorClient } from "./executor-client.ts";

export interface CellEnd {
  error?: ErrorReport;
}

/** Where an executor's events go, except those that answer a request. */
export interface ExecutorOutput {
  event(event: Event, buffers: Buffer[]): void;
  native(name: "stdout" | "stderr", text: string): void;
  /** The process has gone, and with it the notebook's variables; `report` unless a cell that ran says so. */
  lost(report: ErrorReport | undefined): void;
}

/** How long native code may take to notice an interrupt before the person is told that it does not. */
const GRACE_MS = Number(process.env.TYPEBOOK_INTERRUPT_GRACE ?? 4000);
/** How long it may then go on before the executor is replaced, unless another interrupt says at once. */
const PATIENCE_MS = 30_000;

/** Background work may hold the executor up; completion does not wait for it. */
const MEMBERS_MS = 300;

type Results = Extract<Event, { type: "expressions" }>["results"];

/** The executor as the rest of the front process sees it: always there, because a lost one is replaced. */
export class Executor {
  readonly #file: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #output: ExecutorOutput;
  #client: ExecutorClient;
  /** Cells that run, and how each ends. */
  readonly #running = new Map<number, (end: CellEnd) => void>();
  /** Cells whose expressions are evaluated. */
  readonly #evaluating = new Map<number, (results: Results) => void>();
  readonly #members = new Map<number, (names: string[]) => void>();
  #asked = 0;
  #replacing: NodeJS.Timeout | undefined;
  /** Whether the person was told that another interrupt replaces the executor. */
  #warned = false;
  #replaced = false;
  /** Whether the process has come so far that it can run cells. */
  #ready = false;
  /** It has not, and ended: another one would as well, so the next cell starts it. */
  #broken = false;
  #closed = false;
  #loss: ErrorReport | undefined;

  constructor(file: string, env: NodeJS.ProcessEnv, output: ExecutorOutput) {
    this.#file = file;
    this.#env = env;
    this.#output = output;
    this.#client = this.#spawn();
  }

  run(command: RunCommand): Promise<CellEnd> {
    this.#mend();
    return new Promise((finish) => {
      this.#running.set(command.cell, finish);
      this.#client.send(command);
    });
  }

  evaluate(command: Extract<Command, { type: "expressions" }>): Promise<Results> {
    this.#mend();
    return new Promise((resolve) => {
      this.#evaluating.set(command.cell, resolve);
      this.#client.send(command);
    });
  }

  /** Names of the properties of what a path leads to; empty while a cell computes. */
  members(path: PathPart[]): Promise<string[]> {
    if (this.#running.size > 0) return Promise.resolve([]);
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise<string[]>((resolve) => this.#members.set(id, resolve));
    this.#client.send({ type: "members", id, path });
    const late = setTimeout(() => this.#answerMembers(id, []), MEMBERS_MS);
    return answered.finally(() => clearTimeout(late));
  }

  /** Answers an event `missing`. */
  types(id: number, names: string[]): void {
    this.#client.send({ type: "types", id, names });
  }

  comm(message: CommMessage, buffers: Buffer[]): void {
    this.#client.send(message, buffers);
  }

  answerInput(value: string): void {
    this.#client.control({ type: "input", value });
  }

  /** What the next cell must tell: the process ended while none ran, and the variables are gone. */
  takeLoss(): ErrorReport | undefined {
    const loss = this.#loss;
    this.#loss = undefined;
    return loss;
  }

  /**
   * Stops every cell up to this one, and the background. An executor that does not react is replaced, but not before
   * the person has been told and has asked again, or has let a while go by.
   */
  interrupt(upTo: number): void {
    this.#client.control({ type: "interrupt", upTo });
    // Cells that have not reached the executor, or have left it, do not keep it from answering.
    if (this.#running.size === 0 && this.#evaluating.size === 0) return;
    if (this.#warned) this.#replace();
    else this.#replacing ??= setTimeout(() => this.#warn(), GRACE_MS);
  }

  #warn(): void {
    this.#warned = true;
    this.#output.native("stderr", WARNING);
    this.#replacing = setTimeout(() => this.#replace(), PATIENCE_MS);
  }

  #replace(): void {
    this.#replaced = true;
    this.#client.kill();
  }

  /** @see ExecutorClient.debugPipe; a new one for every process. */
  debugPipe(): Duplex {
    return this.#client.debugPipe();
  }

  close(): void {
    this.#closed = true;
    this.#client.kill();
  }

  #mend(): void {
    if (this.#broken) this.#client = this.#spawn();
  }

  #spawn(): ExecutorClient {
    this.#ready = false;
    this.#broken = false;
    return new ExecutorClient(this.#file, this.#env, {
      event: (event, buffers) => this.#event(event, buffers),
      native: (name, text) => this.#output.native(name, text),
      exit: (description) => this.#exited(description),
    });
  }

  #event(event: Event, buffers: Buffer[]): void {
    if (event.type === "ready") this.#ready = true;
    else if (event.type === "done") this.#finish(event.cell, { error: event.error });
    else if (event.type === "acknowledged") this.#calmDown();
    else if (event.type === "members") this.#answerMembers(event.id, event.names);
    else if (event.type === "expressions") this.#answered(event.cell, event.results);
    else this.#output.event(event, buffers);
  }

  #answerMembers(id: number, names: string[]): void {
    this.#members.get(id)?.(names);
    this.#members.delete(id);
  }

  #answered(cell: number, results: Results): void {
    this.#calmDown();
    const resolve = this.#evaluating.get(cell);
    this.#evaluating.delete(cell);
    resolve?.(results);
  }

  #finish(cell: number, end: CellEnd): void {
    this.#calmDown();
    const finish = this.#running.get(cell);
    this.#running.delete(cell);
    finish?.(end);
  }

  #calmDown(): void {
    clearTimeout(this.#replacing);
    this.#replacing = undefined;
    this.#warned = false;
  }

  #exited(description: string): void {
    if (this.#closed) return;
    const error = this.#replaced ? replacedReport() : lostReport(description);
    this.#replaced = false;
    if (this.#ready) this.#client = this.#spawn();
    else this.#broken = true;
    const told = this.#running.size > 0;
    if (!told) this.#loss = error;
    this.#output.lost(told ? undefined : error);
    for (const cell of [...this.#evaluating.keys()]) this.#answered(cell, {});
    for (const cell of [...this.#running.keys()]) this.#finish(cell, { error });
  }
}

const WARNING = `The cell is in native code, which cannot be interrupted; it stops when that code returns, and its variables are kept.
Interrupt once more to end it at once, which loses all variables. In ${PATIENCE_MS / 1000} s that happens by itself.
`;
const GONE = "All variables are gone; run the notebook from its first cell. The kernel itself is alive.";

function replacedReport(): ErrorReport {
  const evalue = "interrupted by replacing the executor, because native code did not react";
  return { ename: "KeyboardInterrupt", evalue, traceback: [`KeyboardInterrupt: ${evalue}`, GONE] };
}

function lostReport(description: string): ErrorReport {
  const evalue = `the process that runs the cells ended (${description})`;
  return { ename: "ExecutorLost", evalue, traceback: [`ExecutorLost: ${evalue}`, GONE] };
}
