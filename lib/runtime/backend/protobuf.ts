/** Protocol buffers' wire format, written only: enough for TensorFlow's graphs and TensorBoard's events (protobuf.dev, "Encoding"). */

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;
const FIXED64 = 1;

/** Base-128 number, low groups first; negative numbers as 64-bit two's complement. */
function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const tag = (field: number, type: number): Buffer => varint(field * 8 + type);

export const integer = (field: number, value: number): Buffer => Buffer.concat([tag(field, VARINT), varint(value)]);

export function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([tag(field, FIXED32), bytes]);
}

export function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(field, FIXED64), bytes]);
}

/** A string, a byte string or an embedded message made of encoded fields. */
export function message(field: number, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  return Buffer.concat([tag(field, BYTES), varint(body.length), body]);
}
