import { setImmediate } from "node:timers/promises";
import type { Event, Expression, ExpressionResult, RunCommand } from "../protocol/executor.ts";
import { origin, send, setLatest } from "./channel.ts";
import { bundleOf } from "./display.ts";
import { reportError } from "./errors.ts";
import type { Evaluator, Outcome } from "./evaluate.ts";
import type { Input } from "./input.ts";
import type { Interrupts } from "./interrupt.ts";
import { endProgress } from "./progress.ts";
import type { Rejections } from "./rejections.ts";
import type { Stacks } from "./stack.ts";

interface Parts {
  evaluator: Evaluator;
  interrupts: Interrupts;
  stacks: Stacks;
  rejections: Rejections;
  input: Input;
}

type Done = Extract<Event, { type: "done" }>;

/** Runs cells, one at a time. */
export class Runner {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run({ cell, label, js, maps, hasValue, allowInput }: RunCommand): Promise<Done> {
    const { stacks, interrupts, rejections, evaluator, input } = this.#parts;
    setLatest(cell);
    const url = stacks.addCell(cell, label, maps);
    input.begin(cell, allowInput);
    const abandoned = interrupts.begin(cell);
    const { failed, release } = rejections.watch();
    let done: Done = { type: "done", cell };
    try {
      await Promise.race([abandoned, Promise.resolve()]);
      const outcome = await Promise.race([evaluator.run(`${js}\n//# sourceURL=${url}`, cell), failed, abandoned]);
      await this.#finish(cell, outcome, hasValue);
      // Rejections are reported when the microtask queue is empty: give those of this cell their turn.
      await Promise.race([setImmediate(), failed]);
      await Promise.race([Promise.resolve(), failed]);
    } catch (error) {
      done = { ...done, error: reportError(error) };
    }
    release();
    input.end(cell);
    endProgress(cell, done.error?.ename === "KeyboardInterrupt");
    interrupts.end();
    evaluator.release();
    return done;
  }

  async evaluateExpressions(cell: number, expressions: Expression[]): Promise<void> {
    const results: Record<string, ExpressionResult> = {};
    for (const expression of expressions) results[expression.name] = await this.#expression(cell, expression);
    send({ type: "expressions", cell, results });
  }

  async #expression(cell: number, { js, error }: Expression): Promise<ExpressionResult> {
    if (error || js === undefined) return { status: "error", ...(error ?? reportError(new Error("no code"))) };
    const outcome = await this.#parts.evaluator.run(js, cell);
    if (!outcome.ok) return { status: "error", ...reportError(outcome.thrown) };
    return { status: "ok", data: await bundleOf(outcome.value), metadata: {} };
  }

  async #finish(cell: number, outcome: Outcome, hasValue: boolean): Promise<void> {
    if (!outcome.ok) throw outcome.thrown;
    if (!hasValue || !outcome.hasValue) return;
    const data = await origin.run(cell, () => bundleOf(outcome.value));
    send({ type: "result", cell, data, metadata: {} });
  }
}
