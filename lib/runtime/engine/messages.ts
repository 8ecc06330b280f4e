/**
 * What goes between an engine and its workers, over pipes: messages of a small header (JSON) and a body of bytes.
 *
 * Layout: 4 bytes, the header's length; 8 bytes, the body's (both little-endian); the header; the body.
 */
import type { Readable, Writable } from "node:stream";
import { deserialize, serialize } from "node:v8";

export interface Message<Header = Record<string, unknown>> {
  readonly header: Header;
  readonly body: Uint8Array;
}

const PREFIX = 12;
const NOTHING = new Uint8Array(0);

export function encodeMessage(header: object, body: Uint8Array = NOTHING): [Buffer, Uint8Array] {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32LE(text.length, 0);
  prefix.writeBigUInt64LE(BigInt(body.length), 4);
  return [Buffer.concat([prefix, text]), body];
}

/** Writes a message, and waits until the reader can take more. */
export function send(stream: Writable, header: object, body?: Uint8Array): Promise<void> {
  const [head, rest] = encodeMessage(header, body);
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => (error ? reject(error) : resolve());
    if (rest.length === 0) stream.write(head, done);
    else {
      stream.write(head);
      stream.write(rest, done);
    }
  });
}

/** The messages of a stream, until it ends; what is left of an unfinished one is dropped. */
export async function* receive<Header>(stream: Readable): AsyncGenerator<Message<Header>> {
  const parts: Buffer[] = [];
  let have = 0;
  /** Takes bytes off the front. */
  const take = (count: number): Buffer => {
    const all = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const rest = all.subarray(count);
    parts.splice(0, parts.length, ...(rest.length > 0 ? [rest] : []));
    have -= count;
    return all.subarray(0, count);
  };
  let sizes: { header: number; body: number } | undefined;
  for await (const part of stream) {
    parts.push(part as Buffer);
    have += (part as Buffer).length;
    for (;;) {
      if (!sizes) {
        if (have < PREFIX) break;
        const prefix = take(PREFIX);
        sizes = { header: prefix.readUInt32LE(0), body: Number(prefix.readBigUInt64LE(4)) };
      }
      if (have < sizes.header + sizes.body) break;
      const header = JSON.parse(take(sizes.header).toString("utf8")) as Header;
      const body = take(sizes.body);
      sizes = undefined;
      yield { header, body };
    }
  }
}

/** Values as bytes, by the structured clone algorithm: arrays of numbers stay what they are. */
export const pack = (value: unknown): Uint8Array => serialize(value);
export const unpack = (bytes: Uint8Array): unknown => deserialize(bytes);

/** To a worker. */
export type WorkerRequest =
  | { kind: "store"; sha256: string }
  | { kind: "drop"; sha256: string }
  | { kind: "job"; id: number; module: string; stored: Record<string, string> };

/** From a worker. */
export type WorkerAnswer =
  | { kind: "hello"; node: string; code: string; processor: string }
  | { kind: "report" | "result"; id: number }
  | { kind: "error"; id: number; problem?: string; mend?: string; message: string; stack?: string };
