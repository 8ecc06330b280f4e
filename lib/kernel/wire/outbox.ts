/** What an outbox needs of a zeromq socket. */
interface Sender {
  send(frames: Buffer[]): Promise<void>;
}

/** Sends messages one after the other in the order in which they were pushed: zeromq.js allows one send at a time. */
export class Outbox {
  readonly #socket: Sender;
  #waiting: Buffer[][] = [];
  #draining: Promise<void> | undefined;

  constructor(socket: Sender) {
    this.#socket = socket;
  }

  push(frames: Buffer[]): void {
    this.#waiting.push(frames);
    this.#draining ??= this.#drain();
  }

  async drained(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const frames of batch) await this.#sendOne(frames);
    }
    this.#draining = undefined;
  }

  /** A peer that has gone cannot be reached: its message is lost, the kernel goes on. */
  async #sendOne(frames: Buffer[]): Promise<void> {
    try {
      await this.#socket.send(frames);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "EAGAIN" && code !== "EHOSTUNREACH" && code !== "EBADF") throw error;
    }
  }
}
