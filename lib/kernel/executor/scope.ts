import { Script } from "node:vm";
import { now, uptime } from "./clock.ts";
import { SCOPE, SLOT } from "./shared.ts";

/** Under this name V8's script finds what it shall run. */
const ENTRY = Symbol.for("typebook.scope");
/** How long a signal that was sent may take to arrive. */
const SIGNAL_MS = 300;

/** Runs promise reactions and `nextTick` callbacks, which thereby belong to the scope. */
const drain = (process as unknown as { _tickCallback?: () => void })._tickCallback ?? (() => {});

/** Thrown to the event loop, which then puts Node's asynchronous contexts in order, after execution was stopped. */
export class Stopped extends Error {
  override readonly name = "KeyboardInterrupt";
}

/**
 * Where user code runs that has no checks of its own: a regular expression, a callback of a built-in method, a long
 * JSON. V8 can stop such code, but Node survives it only where it expects that: in `vm` scripts that end on SIGINT.
 * So cells and what follows their awaits run from such a script. The control thread sends the signal, and only while
 * the slot says `inside`; whoever leaves after it was sent waits for it, so that it never meets anybody else.
 */
export class Scope {
  readonly #slots: Int32Array;
  // The name puts it among the executor's own files, which tracebacks leave out.
  readonly #script = new Script(`globalThis[Symbol.for("${Symbol.keyFor(ENTRY)}")]()`, { filename: import.meta.url });
  #work: () => void = () => {};
  #failure: { error: unknown } | undefined;
  #inside = false;
  /** Called when execution was stopped. */
  stopped: () => void = () => {};

  constructor(slots: Int32Array) {
    this.#slots = slots;
    Object.defineProperty(globalThis, ENTRY, { value: () => this.#run() });
  }

  get inside(): boolean {
    return this.#inside;
  }

  /**
   * Runs the work, and what it leaves in Node's queues. Not to be called from a promise reaction.
   * @throws what the work throws, or Stopped
   */
  enter(work: () => void): void {
    if (this.#inside) {
      work();
      return;
    }
    this.#work = work;
    this.#failure = undefined;
    Atomics.store(this.#slots, SLOT.entered, Math.floor(uptime() * 100));
    try {
      this.#script.runInThisContext({ breakOnSigint: true, displayErrors: false });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
      this.#leave();
      this.stopped();
      throw new Stopped("interrupted");
    }
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  #run(): void {
    this.#inside = true;
    Atomics.store(this.#slots, SLOT.scope, SCOPE.inside);
    try {
      this.#work();
      drain();
    } catch (error) {
      this.#failure = { error };
    }
    if (Atomics.compareExchange(this.#slots, SLOT.scope, SCOPE.inside, SCOPE.outside) !== SCOPE.inside) {
      awaitSignal(this.#slots);
    }
    this.#leave();
  }

  #leave(): void {
    this.#inside = false;
    Atomics.store(this.#slots, SLOT.scope, SCOPE.outside);
  }
}

/** Stays where execution may be stopped until it is; not for ever, since somebody else may have caught the signal. */
function awaitSignal(slots: Int32Array): void {
  const deadline = now() + SIGNAL_MS;
  while (Atomics.load(slots, SLOT.scope) === SCOPE.stopping && now() < deadline);
}

/** Does something that must not be cut off in the middle. */
export function uninterrupted<T>(slots: Int32Array | undefined, work: () => T): T {
  if (!slots) return work();
  const before = Atomics.compareExchange(slots, SLOT.scope, SCOPE.inside, SCOPE.writing);
  if (before === SCOPE.stopping) awaitSignal(slots);
  try {
    return work();
  } finally {
    if (before === SCOPE.inside) Atomics.store(slots, SLOT.scope, SCOPE.inside);
  }
}
