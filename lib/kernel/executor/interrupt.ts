import { BACKGROUND, SLOT } from "./shared.ts";

/** What an interrupted cell fails with. `catch` clauses of cells and library do not see it, `finally` does. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";
  constructor() {
    super("interrupted");
  }
}

/** One interrupt, as the control thread announces it. */
export interface Arrival {
  cell: number;
  /** How many interrupts there have been, this one included. */
  count: number;
}

/** How long an interrupted cell may go on without an await of ours before it is left behind. */
const ABANDON_MS = 1500;
const POLL_MS = 250;

type Reject = (reason: unknown) => void;

/** The executor's side of interrupts: what transformed code calls, and the life of the running cell. */
export class Interrupts {
  readonly slots: Int32Array;
  readonly #acknowledge: (cell: number) => void;
  /** Awaits in cells and library files that have not been answered yet. */
  readonly #awaits = new Set<Reject>();
  /** How many of the control thread's interrupts have been delivered. */
  #delivered = 0;
  #abandon: Reject = () => {};
  #watch: NodeJS.Timeout | undefined;

  constructor(slots: Int32Array, acknowledge: (cell: number) => void) {
    this.slots = slots;
    this.#acknowledge = acknowledge;
  }

  /**
   * Marks the start of a cell. The promise never resolves; it rejects when the cell was interrupted but hangs in an
   * await of foreign code, which cannot be made to fail.
   */
  begin(cell: number): Promise<never> {
    Atomics.store(this.slots, SLOT.flag, 0);
    Atomics.store(this.slots, SLOT.current, cell);
    const abandoned = new Promise<never>((_resolve, reject) => {
      this.#abandon = reject;
    });
    if (Atomics.load(this.slots, SLOT.requested) === cell) this.#abandon(new KeyboardInterrupt());
    return abandoned;
  }

  end(): void {
    clearInterval(this.#watch);
    Atomics.store(this.slots, SLOT.current, 0);
    Atomics.store(this.slots, SLOT.flag, 0);
  }

  /** Called by transformed code when the flag is set. Clears it: `finally` blocks may loop. @throws KeyboardInterrupt */
  readonly stop = (): void => {
    const wanted = Atomics.exchange(this.slots, SLOT.flag, 0);
    const current = Atomics.load(this.slots, SLOT.current);
    if (wanted !== current && wanted !== BACKGROUND) return;
    this.#delivered = Atomics.load(this.slots, SLOT.count);
    this.#acknowledge(current);
    throw new KeyboardInterrupt();
  };

  /**
   * Called in the main thread's event loop, where no loop is running: lets every pending await fail. Where there is
   * none, because the cell waits for foreign code, the flag stays up for what comes next.
   */
  arrived({ cell, count }: Arrival): void {
    const current = Atomics.load(this.slots, SLOT.current);
    if (count <= this.#delivered || cell !== current) return;
    this.#acknowledge(current);
    if (cell !== 0) this.#watchForHang();
    if (cell !== 0 && this.#awaits.size === 0) return;
    this.#delivered = count;
    Atomics.store(this.slots, SLOT.flag, 0);
    const awaits = [...this.#awaits];
    this.#awaits.clear();
    for (const reject of awaits) reject(new KeyboardInterrupt());
  }

  #watchForHang(): void {
    let quiet = 0;
    clearInterval(this.#watch);
    this.#watch = setInterval(() => {
      quiet = this.#awaits.size === 0 ? quiet + POLL_MS : 0;
      if (quiet >= ABANDON_MS) this.#abandon(new KeyboardInterrupt());
    }, POLL_MS);
  }

  /** `await x` becomes `await guard(x)`. Values that are no promises pass through. */
  readonly guard = (value: unknown): unknown => {
    if (this.slots[SLOT.flag]) this.stop();
    if (!isThenable(value)) return value;
    return new Promise((resolve, reject) => {
      this.#awaits.add(reject);
      value.then(
        (result) => {
          this.#awaits.delete(reject);
          resolve(result);
        },
        (reason) => {
          this.#awaits.delete(reject);
          reject(reason);
        },
      );
    });
  };

  /** `for await (… of x)` becomes `for await (… of each(x))`. */
  readonly each = (iterable: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<unknown> => {
    const { guard } = this;
    return {
      [Symbol.asyncIterator]() {
        const iterator = openIterator(iterable);
        return {
          next: async () => (await guard(iterator.next())) as IteratorResult<unknown>,
          return: async (value?: unknown) =>
            ((await iterator.return?.(value)) ?? { done: true, value }) as IteratorResult<unknown>,
        };
      },
    };
  };

  /** First statement of every catch clause. */
  readonly rethrow = (error: unknown): void => {
    if (error instanceof KeyboardInterrupt) throw error;
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  return typeof (value as { then?: unknown }).then === "function";
}

function openIterator(iterable: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> {
  const open = (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator];
  if (open) return open.call(iterable);
  return awaitValues((iterable as Iterable<unknown>)[Symbol.iterator]());
}

/** `for await` over a plain iterable awaits each value. */
function awaitValues(iterator: Iterator<unknown>): AsyncIterator<unknown> {
  return {
    async next() {
      const { done = false, value } = iterator.next();
      return { done, value: await value } as IteratorResult<unknown>;
    },
    async return(value?: unknown) {
      return iterator.return?.(value) ?? { done: true, value };
    },
  };
}
