import { descendantsSince } from "./children.ts";
import { releaseFromFifo } from "./fifos.ts";
import { SCOPE, SLOT } from "./shared.ts";

/** After this long, children for which the main thread seems to wait are asked to end; later they are made to. */
const ASK_CHILDREN_MS = 200;
const KILL_CHILDREN_MS = 2000;
/** After this long, V8 is asked to stop. Checks need microseconds; `finally` blocks run only where they were enough. */
const STOP_MS = 1000;
const RETRY_MS = 5;

/** What the control thread does about a main thread that does not hear of an interrupt. */
export class Stopper {
  readonly #slots: Int32Array;
  #timers: NodeJS.Timeout[] = [];

  constructor(slots: Int32Array) {
    this.#slots = slots;
  }

  watch(count: number): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const after = (ms: number, work: () => void) => setTimeout(() => this.#isDeaf(count) && work(), ms);
    this.#timers = [
      after(ASK_CHILDREN_MS, () => this.#signalChildren("SIGINT")),
      after(ASK_CHILDREN_MS, releaseFromFifo),
      after(STOP_MS, () => this.#stop(count)),
      after(KILL_CHILDREN_MS, () => this.#signalChildren("SIGKILL")),
    ];
  }

  #isDeaf(count: number): boolean {
    return Atomics.load(this.#slots, SLOT.heard) < count;
  }

  /** Only while user code is where V8 can stop it: see scope.ts. */
  #stop(count: number): void {
    const before = Atomics.compareExchange(this.#slots, SLOT.scope, SCOPE.inside, SCOPE.stopping);
    if (before === SCOPE.inside) process.kill(process.pid, "SIGINT");
    else this.#timers.push(setTimeout(() => this.#isDeaf(count) && this.#stop(count), RETRY_MS));
  }

  /** Those that were started since the main thread last came from its event loop: it waits for no others. */
  #signalChildren(signal: NodeJS.Signals): void {
    for (const pid of descendantsSince(Atomics.load(this.#slots, SLOT.entered))) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
  }
}
