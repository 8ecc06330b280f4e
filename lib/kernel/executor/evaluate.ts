import { type Runtime, Session } from "node:inspector";
import type { PathPart } from "../protocol/executor.ts";
import { currentCell, origin } from "./channel.ts";
import { follow, memberNames } from "./members.ts";
import { tellsResult } from "./results.ts";

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

/**
 * Evaluates code in V8's REPL mode: top-level await, `let` that may be declared again, bindings shared by all cells.
 * Each cell has a session of its own, which ends with it. A session notices when the garbage collector takes a cell
 * that can never go on, and would then call JavaScript in the middle of the collection, which ends the process.
 */
export class Evaluator {
  readonly #sessions = new Map<number, Session>();
  readonly #pausesOnErrors: () => boolean;
  readonly #slot = new CellSlot();

  /** @param pausesOnErrors whether errors may stop in a debugger */
  constructor(pausesOnErrors: () => boolean) {
    this.#pausesOnErrors = pausesOnErrors;
    Object.defineProperty(globalThis, "__wcCell", { value: this.#slot });
  }

  /** Everything the code starts, timers included, remembers `cell` as its origin. */
  async run(js: string, cell: number): Promise<Outcome> {
    const session = this.#session(cell);
    const result = await origin.run(cell, () => this.#evaluate(session, js));
    if (result.exceptionDetails) return { ok: false, thrown: this.#exception(session, result.exceptionDetails) };
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
    const get = Object.getOwnPropertyDescriptor(globalThis, name)?.get;
    if (get) return tellsResult(get) ? get() : undefined;
    const options = { expression: `__wcCell.seen = ${name}`, replMode: true, silent: true };
    this.#slot.seen = undefined;
    const session = new Session();
    session.connect();
    session.post("Runtime.evaluate", options, () => {});
    session.disconnect();
    const { seen } = this.#slot;
    this.#slot.seen = undefined;
    return seen;
  }

  /** Forgets the inspector's references to the values of the cell. An evaluation that has not ended never will. */
  release(cell: number): void {
    this.#slot.values.delete(cell);
    const session = this.#sessions.get(cell);
    this.#sessions.delete(cell);
    session?.post("Runtime.discardConsoleEntries");
    session?.disconnect();
  }

  #session(cell: number): Session {
    let session = this.#sessions.get(cell);
    if (!session) {
      session = new Session();
      session.connect();
      this.#sessions.set(cell, session);
    }
    return session;
  }

  #evaluate(session: Session, expression: string): Promise<Runtime.EvaluateReturnType> {
    const silent = !this.#pausesOnErrors();
    const options = { expression, replMode: true, awaitPromise: true, silent };
    return new Promise((resolve, reject) => {
      session.post("Runtime.evaluate", options, (error, result) => {
        if (error) reject(error);
        else resolve(result as Runtime.EvaluateReturnType);
      });
    });
  }

  /** The inspector speaks of objects by id; this fetches the thrown object itself. Its answers are immediate. */
  #exception(session: Session, { exception, text }: Runtime.ExceptionDetails): unknown {
    if (!exception) return new Error(text);
    const { objectId, value, unserializableValue } = exception;
    const argument = objectId ? { objectId } : unserializableValue ? { unserializableValue } : { value };
    let global: string | undefined;
    session.post("Runtime.evaluate", { expression: "globalThis" }, (_error, { result }) => {
      global = result.objectId;
    });
    const functionDeclaration = "function (thrown) { __wcCell.thrown = thrown; }";
    const options = { functionDeclaration, arguments: [argument], objectId: global };
    let failure: Error | null = null;
    session.post("Runtime.callFunctionOn", options, (error) => {
      failure = error;
    });
    const { thrown } = this.#slot;
    this.#slot.thrown = undefined;
    return failure ?? thrown;
  }
}
