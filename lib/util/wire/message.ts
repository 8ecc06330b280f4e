/**
 * What travels between programs: a header in JSON, and bytes beside it, as they are.
 *
 * Layout: 4 bytes, the header's length (little-endian); the header, UTF-8; then all blocks. A block is named in the header by its
 * `shape` and its `offset` into them; its numbers are bytes.
 */
import { z } from "zod";
import { UserError } from "../errors.ts";

/** Version of the protocol; a program answers another one with an error. */
export const PROTOCOL = 1;

const LENGTH_BYTES = 4;

/** A block of bytes of so many axes. */
export const blockSchema = z.strictObject({
  shape: z
    .array(
      z
        .int()
        .min(1)
        .max(2 ** 20),
    )
    .min(1)
    .max(5),
  offset: z.int().min(0),
});
export type Block = z.infer<typeof blockSchema>;

/** Collects blocks and says where each lies. */
export class Blocks {
  readonly parts: Uint8Array[] = [];
  private size = 0;

  /** @param shape of the bytes */
  add(bytes: Uint8Array, shape: number[]): Block {
    const offset = this.size;
    this.parts.push(bytes);
    this.size += bytes.length;
    return { shape, offset };
  }

  /** Pictures of one size, [n, height, width, 3]. @throws UserError on bytes that are not whole pictures */
  addFrames(bytes: Uint8Array, { width, height }: { width: number; height: number }): Block {
    const count = bytes.length / (3 * width * height);
    if (!Number.isInteger(count) || count < 1)
      throw new UserError(`${bytes.length} bytes are no pictures of ${width} x ${height}`, "give whole frames of RGB");
    return this.add(bytes, [count, height, width, 3]);
  }
}

export function packMessage(header: object, { parts }: Blocks = new Blocks()): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...parts]);
}

export interface Unpacked<T> {
  readonly header: T;
  /** The bytes of a block. @throws UserError where they were not sent */
  bytesOf(block: Block): Uint8Array;
}

/** @throws UserError on anything that is not such a message */
export function unpackMessage<T>(message: Buffer, schema: z.ZodType<T>): Unpacked<T> {
  if (message.length < LENGTH_BYTES) throw new UserError("the message is empty", "send a header and its blocks");
  const end = LENGTH_BYTES + message.readUInt32LE();
  if (end > message.length)
    throw new UserError(`the header should end at byte ${end} of ${message.length}`, "send its length first");
  let value: unknown;
  try {
    value = JSON.parse(message.toString("utf8", LENGTH_BYTES, end));
  } catch (cause) {
    throw new UserError("the header is not JSON", "send UTF-8 JSON after its length", { cause });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [{ path, message: what }] = parsed.error.issues;
    throw new UserError(`the header's ${path.join(".") || "content"}: ${what}`, "see the protocol's page in docs");
  }
  const body = message.subarray(end);
  const bytesOf = ({ shape, offset }: Block): Uint8Array => {
    const last = offset + shape.reduce((a, b) => a * b, 1);
    if (last > body.length)
      throw new UserError(`a block [${shape}] at ${offset} ends beyond the ${body.length} bytes sent`, "send them all");
    return new Uint8Array(body.buffer, body.byteOffset + offset, last - offset);
  };
  return { header: parsed.data, bytesOf };
}
