/**
 * Frames on the pipes between the front process and the executor:
 * uint32 LE length of everything after it, uint32 LE length of the JSON, the JSON, then the binary buffers whose
 * byte lengths the JSON lists under `$`.
 */
export interface Framed<T> {
  message: T;
  buffers: Buffer[];
}

/** Both processes hold a frame several times over; longer ones would be more than they have memory for. */
export const MAX_FRAME_BYTES = 256 * 2 ** 20;

/** @throws RangeError if the JSON is longer than the longest string; see `send` for the limit on frames */
export function encodeFrame(message: object, buffers: readonly Uint8Array[] = []): Buffer {
  const json = Buffer.from(
    JSON.stringify(buffers.length > 0 ? { ...message, $: buffers.map((b) => b.byteLength) } : message),
  );
  const head = Buffer.alloc(8);
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  head.writeUInt32LE(4 + json.length + bytes, 0);
  head.writeUInt32LE(json.length, 4);
  return Buffer.concat([head, json, ...buffers]);
}

/** Reassembles frames from chunks of any size. */
export class FrameDecoder<T> {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #needed = 4;

  push(chunk: Buffer): Framed<T>[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Framed<T>[] = [];
    while (this.#bytes >= this.#needed) {
      const data = this.#join();
      this.#needed = 4 + data.readUInt32LE(0);
      if (data.length < this.#needed) break;
      frames.push(parseFrame<T>(data.subarray(4, this.#needed)));
      this.#chunks = [data.subarray(this.#needed)];
      this.#bytes = data.length - this.#needed;
      this.#needed = 4;
    }
    return frames;
  }

  #join(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }
}

function parseFrame<T>(body: Buffer): Framed<T> {
  const end = 4 + body.readUInt32LE(0);
  const { $: lengths = [], ...message } = JSON.parse(body.toString("utf8", 4, end)) as { $?: number[] };
  let offset = end;
  const buffers = lengths.map((length) => {
    offset += length;
    return body.subarray(offset - length, offset);
  });
  return { message: message as T, buffers };
}
