import { nextTick } from "./clock.ts";
import type { Scope } from "./scope.ts";
import { SLOT } from "./shared.ts";
import { isThenable, openIterator } from "./thenables.ts";

/** What an interrupted cell fails with. `catch` clauses of cells and library do not see it, `finally` does. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";
  constructor() {
    super("interrupted");
  }
}

/** One interrupt, as the control thread announces it. */
export interface Arrival {
  /** How many interrupts there have been, this one included. */
  count: number;
}

/** How long an interrupted cell may go on without an await of ours before it is left behind. */
const ABANDON_MS = 1500;
const POLL_MS = 250;

type Reject = (reason: unknown) => void;

/** The executor's side of interrupts: what transformed code calls, and the life of the running cells. */
export class Interrupts {
  readonly slots: Int32Array;
  readonly #scope: Scope;
  readonly #acknowledge: () => void;
  /** Awaits in cells and library files that have not been answered yet. */
  readonly #awaits = new Set<Reject>();
  /** Running cells, and how each is left behind. */
  readonly #cells = new Map<number, Reject>();
  /** How many of the control thread's interrupts have been delivered. */
  #delivered = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(slots: Int32Array, scope: Scope, acknowledge: () => void) {
    this.slots = slots;
    this.#scope = scope;
    this.#acknowledge = acknowledge;
    scope.stopped = () => {
      this.#deliver();
      this.#abandon();
    };
  }

  /**
   * Marks the start of a cell. The promise never resolves; it rejects when the cell was interrupted but hangs in an
   * await of foreign code, which cannot be made to fail.
   */
  begin(cell: number): Promise<never> {
    if (this.#cells.size === 0) Atomics.store(this.slots, SLOT.flag, 0);
    const abandoned = new Promise<never>((_resolve, reject) => this.#cells.set(cell, reject));
    abandoned.catch(() => {});
    Atomics.store(this.slots, SLOT.running, this.#cells.size);
    if (this.wasRequested(cell)) this.#cells.get(cell)?.(new KeyboardInterrupt());
    return abandoned;
  }

  end(cell: number): void {
    this.#cells.delete(cell);
    Atomics.store(this.slots, SLOT.running, this.#cells.size);
    if (this.#cells.size > 0) return;
    clearInterval(this.#watch);
    Atomics.store(this.slots, SLOT.flag, 0);
  }

  /** Whether an interrupt was meant for the cell. */
  wasRequested(cell: number): boolean {
    return cell <= Atomics.load(this.slots, SLOT.requested);
  }

  /** Whether it was, and nothing has been stopped by it. */
  isPending(cell: number): boolean {
    return this.slots[SLOT.flag] !== 0 && this.wasRequested(cell);
  }

  /** Called by transformed code when the flag is set. Clears it: `finally` blocks may loop. @throws KeyboardInterrupt */
  readonly stop = (): void => {
    Atomics.store(this.slots, SLOT.flag, 0);
    Atomics.store(this.slots, SLOT.heard, Atomics.load(this.slots, SLOT.count));
    if (!this.#concerns()) return;
    this.#deliver();
    throw new KeyboardInterrupt();
  };

  /**
   * Called in the main thread's event loop, where no loop is running: lets every pending await fail. Where there is
   * none, because the cell waits for foreign code, the flag stays up for what comes next.
   */
  arrived({ count }: Arrival): void {
    Atomics.store(this.slots, SLOT.heard, count);
    if (count <= this.#delivered || !this.#concerns()) return;
    this.#acknowledge();
    if (this.#cells.size > 0) this.#watchForHang();
    if (this.#cells.size === 0 || this.#awaits.size > 0) this.#deliver();
  }

  /** Whether the latest interrupt was meant for what runs now: a cell that it names, or the background. */
  #concerns(): boolean {
    return this.#cells.size === 0 || [...this.#cells.keys()].some((cell) => this.wasRequested(cell));
  }

  /** Awaits that come later, in `finally` blocks, are let alone. */
  #deliver(): void {
    this.#delivered = Atomics.load(this.slots, SLOT.count);
    Atomics.store(this.slots, SLOT.heard, this.#delivered);
    Atomics.store(this.slots, SLOT.flag, 0);
    this.#acknowledge();
    const awaits = [...this.#awaits];
    this.#awaits.clear();
    for (const reject of awaits) reject(new KeyboardInterrupt());
  }

  #watchForHang(): void {
    let quiet = 0;
    clearInterval(this.#watch);
    this.#watch = setInterval(() => {
      quiet = this.#awaits.size === 0 ? quiet + POLL_MS : 0;
      if (quiet >= ABANDON_MS) this.#abandon();
    }, POLL_MS);
  }

  #abandon(): void {
    for (const [cell, reject] of this.#cells) if (this.wasRequested(cell)) reject(new KeyboardInterrupt());
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
          this.#continue(() => resolve(result));
        },
        (reason) => {
          this.#awaits.delete(reject);
          this.#continue(() => reject(reason));
        },
      );
    });
  };

  /**
   * What follows an await is user code again, so it runs in the scope: entered before anything else that waits in
   * Node's event loop, lest the code miss an event.
   */
  #continue(settle: () => void): void {
    if (this.#scope.inside) settle();
    else nextTick(() => this.#scope.enter(settle));
  }

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

  /** First statement of every catch clause: an error may be what became of work that was interrupted. */
  readonly rethrow = (error: unknown): void => {
    if (error instanceof KeyboardInterrupt) throw error;
    if (this.slots[SLOT.flag]) this.stop();
  };
}
