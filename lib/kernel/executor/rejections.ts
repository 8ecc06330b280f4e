import { currentCell, send } from "./channel.ts";
import { reportError } from "./errors.ts";
import { KeyboardInterrupt } from "./interrupt.ts";
import { Stopped } from "./scope.ts";

/**
 * Errors that nothing caught. They fail the cell that caused them, or the latest one that runs; while none does they
 * are shown at once, in the output of the cell that caused them.
 */
export class Rejections {
  readonly #running = new Map<number, (error: unknown) => void>();

  constructor() {
    process.on("unhandledRejection", (reason) => this.#report(reason));
    process.on("uncaughtException", (error) => this.#report(error));
  }

  /** Resolves never, rejects with the first stray error until `release` is called. */
  watch(cell: number): Promise<never> {
    const failed = new Promise<never>((_resolve, reject) => this.#running.set(cell, reject));
    failed.catch(() => {});
    return failed;
  }

  release(cell: number): void {
    this.#running.delete(cell);
  }

  #report(error: unknown): void {
    if (error instanceof KeyboardInterrupt || error instanceof Stopped) return;
    const cell = currentCell();
    const failing = this.#running.has(cell) ? cell : [...this.#running.keys()].at(-1);
    if (failing !== undefined) {
      this.#running.get(failing)?.(error);
      this.#running.delete(failing);
      return;
    }
    const text = `Unhandled error after the cell had ended:\n${reportError(error).traceback.join("\n")}\n`;
    send({ type: "stream", cell, name: "stderr", text });
  }
}
