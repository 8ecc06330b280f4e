import { setImmediate } from "node:timers/promises";
import type { ErrorReport } from "../protocol/executor.ts";
import type { Json, Message } from "../wire/message.ts";
import type { CellRunner, Outcome, Run } from "./cell-runner.ts";
import type { History } from "./history.ts";
import type { Output } from "./output.ts";
import type { Publisher } from "./publisher.ts";
import { type ExecuteRequest, readExecuteRequest } from "./request.ts";
import type { Status } from "./status.ts";

export interface QueueParts {
  runner: CellRunner;
  publisher: Publisher;
  status: Status;
  output: Output;
  history: History;
  /** Whether an interrupt that has already come was meant for this request. */
  wasOvertaken: (message: Message) => boolean;
}

/** What the shells count together. */
export interface Tally {
  /** Cells, from 1. */
  cells: number;
  /** Execution count, as shown beside cells. */
  count: number;
}

/** The execute_requests of one shell, run one after the other. */
export class Queue {
  readonly #parts: QueueParts;
  readonly #tally: Tally;
  readonly #waiting: ExecuteRequest[] = [];
  #current: Run | undefined;
  #working = false;

  constructor(parts: QueueParts, tally: Tally) {
    this.#parts = parts;
    this.#tally = tally;
  }

  get current(): Run | undefined {
    return this.#current;
  }

  push(message: Message): void {
    this.#waiting.push(readExecuteRequest(message));
    if (!this.#working) void this.#work();
  }

  abortWaiting(): void {
    for (const { message } of this.#waiting.splice(0)) this.#abort(message);
  }

  refuse(message: Message, content: Json): void {
    const { status, publisher } = this.#parts;
    status.busy(message);
    publisher.reply("shell", message, "execute_reply", { execution_count: this.#tally.count, ...content });
    status.idle(message);
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) await this.#runOne(request);
    this.#working = false;
  }

  async #runOne(request: ExecuteRequest): Promise<void> {
    const { status, output, runner } = this.#parts;
    const { message, silent, storeHistory, code } = request;
    const tally = this.#tally;
    status.cellStarts(message);
    if (storeHistory) tally.count += 1;
    tally.cells += 1;
    const interrupted = this.#parts.wasOvertaken(message);
    const run: Run = { request, cell: tally.cells, count: tally.count, interrupted, languageCalls: 0, started: false };
    this.#current = run;
    output.begin(run.cell, message.header, silent);
    output.publish(run.cell, "execute_input", { code, execution_count: run.count });
    if (storeHistory) this.#parts.history.add(run.count, code);
    output.tellNotices(run.cell);
    const outcome = await runner.run(run).catch(internalError);
    this.#current = undefined;
    const aborted = await this.#conclude(run, outcome);
    status.cellEnds(message);
    for (const { message } of aborted) this.#abort(message);
  }

  /** Replies. What is aborted is decided before that: nothing that reacts to the reply can be among it. */
  async #conclude({ request, cell, count }: Run, outcome: Outcome): Promise<ExecuteRequest[]> {
    const { output, publisher } = this.#parts;
    const reply = (content: Json) =>
      publisher.reply("shell", request.message, "execute_reply", { execution_count: count, ...content });
    if (!("error" in outcome)) {
      output.flush();
      reply({ status: "ok", payload: [], user_expressions: outcome.expressions });
      return [];
    }
    output.error(cell, outcome.error);
    const aborted = request.stopOnError ? await this.#takeWaiting() : [];
    reply({ status: "error", ...outcome.error });
    return aborted;
  }

  /** Lets the sockets deliver what has already arrived. */
  async #takeWaiting(): Promise<ExecuteRequest[]> {
    await setImmediate();
    await setImmediate();
    return this.#waiting.splice(0);
  }

  #abort(message: Message): void {
    this.refuse(message, { status: "aborted" });
  }
}

/** A failure of the kernel itself: shown, never swallowed, and the next cell runs. */
function internalError(error: unknown): Outcome {
  const { name, message, stack } = error as Error;
  const report: ErrorReport = { ename: name, evalue: message, traceback: [`${stack ?? message}`] };
  return { error: report };
}
