/** What a stream brings, in portions of the sizes that are asked for. */
import type { Readable } from "node:stream";

export class Portions {
  #chunks: Buffer[] = [];
  #length = 0;
  #isOver = false;
  #wake: () => void = () => {};

  constructor(stream: Readable) {
    stream.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    stream.on("close", () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  /** The next `count` bytes, or undefined where the stream ends before. Not to be asked again before it has answered. */
  async take(count: number): Promise<Buffer | undefined> {
    while (this.#length < count) {
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = all.length > count ? [all.subarray(count)] : [];
    this.#length -= count;
    return all.subarray(0, count);
  }
}
