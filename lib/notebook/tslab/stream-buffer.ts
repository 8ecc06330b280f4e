/** Gathers what is written to a stream into few messages; `send` gets the stream's name, the text and its cell. */
export class StreamBuffer<Cell> {
  private readonly send: (name: string, text: string, cell: Cell) => void;
  private pending: { name: string; cell: Cell; parts: string[] } | undefined;

  constructor(send: (name: string, text: string, cell: Cell) => void) {
    this.send = send;
  }

  /** Sent later: when the running code pauses, another stream or cell writes, or at the next `flush`. */
  add(name: string, text: string, cell: Cell): void {
    if (this.pending?.name !== name || this.pending.cell !== cell) {
      this.flush();
      this.pending = { name, cell, parts: [] };
      setImmediate(() => this.flush());
    }
    this.pending.parts.push(text);
  }

  flush(): void {
    const pending = this.pending;
    this.pending = undefined;
    if (pending) this.send(pending.name, pending.parts.join(""), pending.cell);
  }
}
