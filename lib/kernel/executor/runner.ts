import { setImmediate as nextTurn } from "node:timers/promises";
import type { ErrorReport, Event, Expression, ExpressionResult, RunCommand } from "../protocol/executor.ts";
import { origin, send, setLatest } from "./channel.ts";
import { type Bundle, bundleOf } from "./display.ts";
import { reportError } from "./errors.ts";
import type { Evaluator, Outcome } from "./evaluate.ts";
import type { Importer } from "./importer.ts";
import type { Input } from "./input.ts";
import { type Interrupts, KeyboardInterrupt } from "./interrupt.ts";
import { endProgress } from "./progress.ts";
import type { Rejections } from "./rejections.ts";
import type { Results } from "./results.ts";
import type { Scope } from "./scope.ts";
import type { Stacks } from "./stack.ts";
import { endGroups } from "./streams.ts";

interface Parts {
  evaluator: Evaluator;
  interrupts: Interrupts;
  scope: Scope;
  stacks: Stacks;
  rejections: Rejections;
  input: Input;
  results: Results;
  importer: Importer;
}

type Answers = Record<string, ExpressionResult>;

/** What is too long to be sent is an error of each of them. */
function sendResults(cell: number, results: Answers): void {
  try {
    send({ type: "expressions", cell, results });
  } catch (error) {
    const failed = { status: "error", ...reportError(error) } as const;
    send({
      type: "expressions",
      cell,
      results: Object.fromEntries(Object.keys(results).map((name) => [name, failed])),
    });
  }
}

type Done = Extract<Event, { type: "done" }>;

/** When V8 was stopped, reactions of promises are lost, those of this file perhaps among them. */
const LOST_MS = 100;

/** Runs cells. Several may be under way at once, each awaiting something; the front process sees to their order. */
export class Runner {
  readonly #parts: Parts;
  readonly #ended: (done: Done) => void;
  readonly #running = new Set<number>();

  constructor(parts: Parts, ended: (done: Done) => void) {
    this.#parts = parts;
    this.#ended = ended;
    const { scope, interrupts } = parts;
    const { stopped } = scope;
    scope.stopped = () => {
      stopped();
      const cells = [...this.#running].filter((cell) => interrupts.wasRequested(cell));
      setTimeout(() => {
        for (const cell of cells) this.#end(cell, reportError(new KeyboardInterrupt()));
      }, LOST_MS);
    };
  }

  run(command: RunCommand): void {
    const { interrupts, input, rejections, importer } = this.#parts;
    const { cell, allowInput, declares } = command;
    setLatest(cell);
    this.#running.add(cell);
    input.begin(cell, allowInput);
    importer.declares(declares);
    const abandoned = interrupts.begin(cell);
    const failed = rejections.watch(cell);
    void this.#run(command, Promise.race([abandoned, failed])).then(
      () => this.#end(cell, undefined),
      (error) => this.#end(cell, reportError(this.#reasonFor(cell, error))),
    );
  }

  async evaluateExpressions(cell: number, expressions: Expression[]): Promise<void> {
    const { interrupts } = this.#parts;
    const abandoned = interrupts.begin(cell);
    const results: Answers = {};
    for (const expression of expressions) {
      const failed = (error: unknown): ExpressionResult => ({ status: "error", ...reportError(error) });
      results[expression.name] = await Promise.race([this.#expression(cell, expression), abandoned]).catch(failed);
    }
    interrupts.end(cell);
    this.#parts.evaluator.release(cell);
    sendResults(cell, results);
  }

  async #run(command: RunCommand, stopped: Promise<never>): Promise<void> {
    const { stacks, interrupts, results } = this.#parts;
    const { cell, label, js, maps, hasValue } = command;
    await Promise.race([stopped, Promise.resolve()]);
    const url = stacks.addCell(cell, label, maps);
    const outcome = await Promise.race([this.#evaluate(`${js}\n//# sourceURL=${url}`, cell), stopped]);
    if (!outcome.ok) throw outcome.thrown;
    if (hasValue && outcome.hasValue) {
      results.note(label, outcome.value);
      const data = await Promise.race([this.#show(cell, outcome.value), stopped]);
      send({ type: "result", cell, data, metadata: {} });
    }
    // Rejections are reported when the microtask queue is empty: give those of this cell their turn.
    await Promise.race([nextTurn(), stopped]);
    await Promise.race([Promise.resolve(), stopped]);
    if (interrupts.isPending(cell)) throw new KeyboardInterrupt();
  }

  #evaluate(js: string, cell: number): Promise<Outcome> {
    return this.#inScope(() => this.#parts.evaluator.run(js, cell));
  }

  /** How a value is shown may be the program's own code. */
  #show(cell: number, value: unknown): Promise<Bundle> {
    return this.#inScope(() => origin.run(cell, () => bundleOf(value)));
  }

  /** In the scope, hence from the event loop and not from a promise's reaction. */
  #inScope<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      setImmediate(() => this.#parts.scope.enter(() => void work().then(resolve, reject)));
    });
  }

  /** What an interrupted child process or a stopped call fails with is the interrupt. */
  #reasonFor(cell: number, error: unknown): unknown {
    return this.#parts.interrupts.isPending(cell) ? new KeyboardInterrupt() : error;
  }

  #end(cell: number, error: ErrorReport | undefined): void {
    if (!this.#running.delete(cell)) return;
    const { interrupts, evaluator, rejections, input } = this.#parts;
    rejections.release(cell);
    input.end(cell);
    endProgress(cell, error?.ename === "KeyboardInterrupt");
    interrupts.end(cell);
    evaluator.release(cell);
    if (this.#running.size === 0) endGroups();
    this.#ended(error ? { type: "done", cell, error } : { type: "done", cell });
  }

  async #expression(cell: number, { js, error }: Expression): Promise<ExpressionResult> {
    if (error || js === undefined) return { status: "error", ...(error ?? reportError(new Error("no code"))) };
    const outcome = await this.#evaluate(js, cell);
    if (!outcome.ok) return { status: "error", ...reportError(outcome.thrown) };
    return { status: "ok", data: await this.#show(cell, outcome.value), metadata: {} };
  }
}
