import { type Runtime, Session } from "node:inspector";
import { origin } from "./channel.ts";

export type Outcome = { ok: true; value: unknown; hasValue: boolean } | { ok: false; thrown: unknown };

interface CellSlot {
  value: unknown;
  thrown: unknown;
}

const EMPTY = Symbol("no value");
const GROUP = "cell";

/** Evaluates code in V8's REPL mode: top-level await, `let` that may be declared again, bindings shared by all cells. */
export class Evaluator {
  readonly #session = new Session();
  readonly #pausesOnErrors: () => boolean;
  readonly #slot: CellSlot = { value: EMPTY, thrown: undefined };
  /** The inspector's id of `globalThis`: names the context in which functions are called. */
  #global = "";

  /** @param pausesOnErrors whether errors may stop in a debugger */
  constructor(pausesOnErrors: () => boolean) {
    this.#pausesOnErrors = pausesOnErrors;
    this.#session.connect();
    Object.defineProperty(globalThis, "__wcCell", { value: this.#slot });
    this.#session.post("Runtime.evaluate", { expression: "globalThis" }, (error, { result }) => {
      if (error) throw error;
      this.#global = result.objectId as string;
    });
  }

  /** Everything the code starts, timers included, remembers `cell` as its origin. */
  async run(js: string, cell: number): Promise<Outcome> {
    this.#slot.value = EMPTY;
    const result = await origin.run(cell, () => this.#evaluate(js));
    if (result.exceptionDetails) return { ok: false, thrown: await this.#exception(result.exceptionDetails) };
    const { value } = this.#slot;
    this.#slot.value = EMPTY;
    return { ok: true, value: value === EMPTY ? undefined : value, hasValue: value !== EMPTY && value !== undefined };
  }

  /** Forgets the inspector's references to the values of cells. */
  release(): void {
    this.#session.post("Runtime.releaseObjectGroup", { objectGroup: GROUP });
    this.#session.post("Runtime.discardConsoleEntries");
  }

  #evaluate(expression: string): Promise<Runtime.EvaluateReturnType> {
    const silent = !this.#pausesOnErrors();
    const options = { expression, replMode: true, awaitPromise: true, objectGroup: GROUP, silent };
    return new Promise((resolve, reject) => {
      this.#session.post("Runtime.evaluate", options, (error, result) => {
        if (error) reject(error);
        else resolve(result as Runtime.EvaluateReturnType);
      });
    });
  }

  /** The inspector speaks of objects by id; this fetches the thrown object itself. */
  #exception({ exception, text }: Runtime.ExceptionDetails): Promise<unknown> {
    if (!exception) return Promise.resolve(new Error(text));
    const { objectId, value, unserializableValue } = exception;
    const argument = objectId ? { objectId } : unserializableValue ? { unserializableValue } : { value };
    const options = {
      functionDeclaration: "function (thrown) { __wcCell.thrown = thrown; }",
      arguments: [argument],
      objectId: this.#global,
    };
    return new Promise((resolve, reject) => {
      this.#session.post("Runtime.callFunctionOn", options, (error) => {
        if (error) reject(error);
        else resolve(this.#slot.thrown);
        this.#slot.thrown = undefined;
      });
    });
  }
}
