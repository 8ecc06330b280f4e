import { type Runtime, Session } from "node:inspector";
import type { PathPart } from "../protocol/executor.ts";
import { currentCell, origin } from "./channel.ts";
import { follow, memberNames } from "./members.ts";

export type Outcome = { ok: true; value: unknown; hasValue: boolean } | { ok: false; thrown: unknown };

/** Where cells leave their values, and where thrown objects are fetched. */
class CellSlot {
  readonly values = new Map<number, unknown>();
  thrown: unknown;
  seen: unknown;

  /** Several cells may be under way; each leaves its own. */
  set value(value: unknown) {
    this.values.set(currentCell(), value);
  }
}

const groupOf = (cell: number): string => `cell-${cell}`;

/** Evaluates code in V8's REPL mode: top-level await, `let` that may be declared again, bindings shared by all cells. */
export class Evaluator {
  readonly #session = new Session();
  readonly #pausesOnErrors: () => boolean;
  readonly #slot = new CellSlot();
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
    const result = await origin.run(cell, () => this.#evaluate(js, cell));
    if (result.exceptionDetails) return { ok: false, thrown: await this.#exception(result.exceptionDetails) };
    const value = this.#slot.values.get(cell);
    this.#slot.values.delete(cell);
    return { ok: true, value, hasValue: value !== undefined };
  }

  /** Names of the properties of what a path leads to, as far as it can be followed without running any code. */
  members(path: PathPart[]): string[] {
    const [root, ...rest] = path;
    const value = typeof root === "string" ? this.#variable(root) : undefined;
    return value === undefined ? [] : memberNames(follow(value, rest));
  }

  /** A cell's variable; nothing that would have to be computed. */
  #variable(name: string): unknown {
    if (Object.getOwnPropertyDescriptor(globalThis, name)?.get) return undefined;
    const options = { expression: `__wcCell.seen = ${name}`, replMode: true, silent: true };
    this.#slot.seen = undefined;
    this.#session.post("Runtime.evaluate", options, () => {});
    const { seen } = this.#slot;
    this.#slot.seen = undefined;
    return seen;
  }

  /** Forgets the inspector's references to the values of the cell. */
  release(cell: number): void {
    this.#slot.values.delete(cell);
    this.#session.post("Runtime.releaseObjectGroup", { objectGroup: groupOf(cell) });
    this.#session.post("Runtime.discardConsoleEntries");
  }

  #evaluate(expression: string, cell: number): Promise<Runtime.EvaluateReturnType> {
    const silent = !this.#pausesOnErrors();
    const options = { expression, replMode: true, awaitPromise: true, objectGroup: groupOf(cell), silent };
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
