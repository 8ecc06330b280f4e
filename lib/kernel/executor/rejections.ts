import { currentCell, send } from "./channel.ts";
import { reportError } from "./errors.ts";
import { KeyboardInterrupt } from "./interrupt.ts";

/**
 * Errors that nothing caught. While a cell runs they fail it; afterwards they are shown at once, in the output of
 * the cell that caused them.
 */
export class Rejections {
  #fail: ((error: unknown) => void) | undefined;

  constructor() {
    process.on("unhandledRejection", (reason) => this.#report(reason));
    process.on("uncaughtException", (error) => this.#report(error));
  }

  /** Resolves never, rejects with the first stray error until `release` is called. */
  watch(): { failed: Promise<never>; release: () => void } {
    const failed = new Promise<never>((_resolve, reject) => {
      this.#fail = reject;
    });
    failed.catch(() => {});
    return {
      failed,
      release: () => {
        this.#fail = undefined;
      },
    };
  }

  #report(error: unknown): void {
    if (error instanceof KeyboardInterrupt) return;
    if (this.#fail) {
      const fail = this.#fail;
      this.#fail = undefined;
      fail(error);
      return;
    }
    const text = `Unhandled error after the cell had ended:\n${reportError(error).traceback.join("\n")}\n`;
    send({ type: "stream", cell: currentCell(), name: "stderr", text });
  }
}
