import { randomUUID } from "node:crypto";
import type { Json, Message } from "../wire/message.ts";
import type { Run } from "./cell-runner.ts";
import { Queue, type QueueParts, type Tally } from "./queue.ts";

/** An interrupt may overtake, on its own socket, the request it is meant for; but not by much. */
const OVERTAKING_MS = 2000;

/**
 * The main shell and its subshells (JEP 91): each runs its own cells one after the other. All cells live on one
 * thread and share their variables, so those of different shells take turns where they await something.
 */
export class Shells {
  readonly #parts: QueueParts;
  readonly #tally: Tally = { cells: 0, count: 0 };
  readonly #main: Queue;
  readonly #subshells = new Map<string, Queue>();
  /** Stops what runs in the executor up to a cell, or in the background where none runs. */
  readonly #interruptExecutor: (upTo: number, isIdle: boolean) => void;
  #overtaking: { sent: string; received: number } | undefined;

  constructor(parts: Omit<QueueParts, "wasOvertaken">, interruptExecutor: (upTo: number, isIdle: boolean) => void) {
    this.#parts = { ...parts, wasOvertaken: (message) => this.#wasOvertaken(message) };
    this.#interruptExecutor = interruptExecutor;
    this.#main = new Queue(this.#parts, this.#tally);
  }

  /** Takes an execute_request to its shell. */
  push(message: Message): void {
    const id = message.header.subshell_id;
    const shell = typeof id === "string" ? this.#subshells.get(id) : this.#main;
    if (shell) shell.push(message);
    else this.#main.refuse(message, noSubshell(id));
  }

  create(): Json {
    const id = randomUUID();
    this.#subshells.set(id, new Queue(this.#parts, this.#tally));
    return { status: "ok", subshell_id: id };
  }

  /** Its running cell goes on to its end; those that wait for it are aborted. */
  delete(id: unknown): Json {
    const shell = this.#subshells.get(String(id));
    if (!shell) return noSubshell(id);
    this.#subshells.delete(String(id));
    shell.abortWaiting();
    return { status: "ok" };
  }

  list(): Json {
    return { status: "ok", subshell_id: [...this.#subshells.keys()] };
  }

  /** The run of a cell that is under way. */
  run(cell: number): Run | undefined {
    return this.#running.find((run) => run.cell === cell);
  }

  /** Stops all running cells, or the one whose request is still on its way. */
  interrupt(message: Message | undefined): void {
    const { runner } = this.#parts;
    const running = this.#running;
    this.#interruptExecutor(this.#tally.cells, running.length === 0);
    for (const run of running) runner.interrupted(run);
    if (running.length === 0) this.#overtaking = { sent: message?.header.date ?? "", received: Date.now() };
  }

  get #running(): Run[] {
    return [this.#main, ...this.#subshells.values()].flatMap(({ current }) => current ?? []);
  }

  #wasOvertaken({ header }: Message): boolean {
    const interrupt = this.#overtaking;
    this.#overtaking = undefined;
    if (!interrupt || Date.now() - interrupt.received > OVERTAKING_MS) return false;
    return Date.parse(header.date) <= Date.parse(interrupt.sent);
  }
}

function noSubshell(id: unknown): Json {
  const evalue = `there is no subshell ${JSON.stringify(id)}; list_subshell_request names those there are`;
  return { status: "error", ename: "SubshellError", evalue, traceback: [`SubshellError: ${evalue}`] };
}
