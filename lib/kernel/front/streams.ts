type Name = "stdout" | "stderr";

/** Text waits this long for more, so that a flood of lines becomes a few messages. */
const WINDOW_MS = 15;
const MAX_CHARACTERS = 1 << 20;

interface Pending {
  cell: number;
  name: Name;
  chunks: string[];
  length: number;
}

/** Coalesces stream output. Order is kept: other output, another stream or another cell flushes what waits. */
export class StreamBuffer {
  readonly #publish: (cell: number, name: Name, text: string) => void;
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (cell: number, name: Name, text: string) => void) {
    this.#publish = publish;
  }

  add(cell: number, name: Name, text: string): void {
    if (this.#pending && (this.#pending.cell !== cell || this.#pending.name !== name)) this.flush();
    this.#pending ??= { cell, name, chunks: [], length: 0 };
    this.#pending.chunks.push(text);
    this.#pending.length += text.length;
    if (this.#pending.length > MAX_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WINDOW_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#publish(pending.cell, pending.name, pending.chunks.join(""));
  }
}
