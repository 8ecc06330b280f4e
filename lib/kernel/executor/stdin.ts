import { syncBuiltinESMExports } from "node:module";
import { Readable } from "node:stream";
import { type Input, NOBODY } from "./input.ts";

/**
 * process.stdin of a cell: each line that is read is asked of the person at the front-end, the rest of the process
 * going on meanwhile. Where there is nobody, reading fails at once instead of waiting for ever.
 */
class CellInput extends Readable {
  readonly fd = 0;
  readonly #input: Input;
  #wanted = false;

  constructor(input: Input) {
    super({ highWaterMark: 1 });
    this.#input = input;
  }

  override _read(): void {
    this.#wanted = true;
    this.#askSoon();
  }

  override read(size?: number): unknown {
    if (this.#wanted) this.#askSoon();
    return super.read(size);
  }

  /** Streams read ahead; a person is only asked for what somebody still listens for when the reader had its turn. */
  #askSoon(): void {
    setImmediate(() => {
      const heard = this.readableFlowing === true || this.listenerCount("readable") > 0;
      if (!this.#wanted || !heard || this.destroyed) return;
      this.#wanted = false;
      if (this.#input.isAllowed()) this.#input.ask("", (line) => this.push(line === undefined ? null : `${line}\n`));
      else this.destroy(new Error(`process.stdin ${NOBODY}`));
    });
  }

  /** Nothing of it keeps the process alive anyway. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** Makes a new stream whenever the one before it has ended. */
export function installStdin(input: Input): void {
  let stream = new CellInput(input);
  const get = () => {
    if (stream.destroyed || stream.readableEnded) stream = new CellInput(input);
    return stream;
  };
  Object.defineProperty(process, "stdin", { get, configurable: true, enumerable: true });
  syncBuiltinESMExports();
}
