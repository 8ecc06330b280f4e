/**
 * The safetensors format: 8 bytes of header length, a JSON header (name -> dtype, shape, byte range), then the data.
 * The reader trusts nothing: see `parseHeader`.
 */
import { readFileSync } from "node:fs";
import { UserError } from "./errors.ts";
import { fromHalves, toHalf } from "./half.ts";

/** How values are stored; in memory they are float32 always. */
export type StoredType = keyof typeof BYTES;

const BYTES = { F32: 4, F16: 2 } as const;

/** A tensor outside of any backend: row-major float32 values and their shape. */
export interface HostTensor {
  shape: number[];
  data: Float32Array;
}

export interface SafetensorsFile {
  tensors: Record<string, HostTensor>;
  metadata: Record<string, string>;
}

interface Entry {
  dtype: StoredType;
  shape: number[];
  data_offsets: [number, number];
}

const MAX_HEADER = 10_000_000;
const ALIGNMENT = 8;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Serialises tensors in the given order; the data is contiguous and the header padded to 8 bytes.
 * @throws RangeError where values and shape disagree, or a value does not fit the stored type
 */
export function encodeSafetensors(
  tensors: Record<string, HostTensor>,
  metadata: Record<string, string> = {},
  dtype: StoredType = "F32",
): Buffer {
  let offset = 0;
  const entries: [string, unknown][] = [["__metadata__", metadata]];
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (data.length !== sizeOf(shape)) throw new RangeError(`"${name}" has ${data.length} values, shape [${shape}]`);
    const end = offset + BYTES[dtype] * data.length;
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  // Not by assignment, which would take a tensor called __proto__ for something else.
  const json = JSON.stringify(Object.fromEntries(entries));
  const pad = (ALIGNMENT - (Buffer.byteLength(json) % ALIGNMENT)) % ALIGNMENT;
  const head = Buffer.from(json + " ".repeat(pad));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  const bodies = Object.values(tensors).map(({ data }) => toBytes(data, dtype));
  return Buffer.concat([size, head, ...bodies]);
}

function toBytes(data: Float32Array, dtype: StoredType): Buffer {
  const stored = dtype === "F32" ? data : Uint16Array.from(data, toHalf);
  return Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
}

function fromBytes(bytes: Uint8Array, dtype: StoredType): Float32Array {
  // A copy of its own, since a slice of a file need not be aligned.
  const { buffer } = new Uint8Array(bytes);
  return dtype === "F32" ? new Float32Array(buffer) : fromHalves(new Uint16Array(buffer));
}

/** @throws UserError naming the file and what is wrong with it */
export function readSafetensors(path: string): SafetensorsFile {
  return decodeSafetensors(readFileSync(path), path);
}

/** @param source what to call the bytes in an error message */
export function decodeSafetensors(bytes: Buffer, source: string): SafetensorsFile {
  const { entries, metadata, start } = parseHeader(bytes, source);
  const tensors = entries.map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => [name, { shape, data: fromBytes(bytes.subarray(start + from, start + to), dtype) }] as const,
  );
  return { tensors: Object.fromEntries(tensors), metadata };
}

function parseHeader(bytes: Buffer, source: string) {
  const bad = (why: string): UserError =>
    new UserError(`${source} is not a sound safetensors file: ${why}`, "restore it from its origin or train it again");
  if (bytes.length < 8) throw bad(`only ${bytes.length} bytes long`);
  const length = Number(bytes.readBigUInt64LE(0));
  if (length > MAX_HEADER) throw bad(`its header claims ${length} bytes`);
  if (8 + length > bytes.length) throw bad("it ends inside its header (truncated)");
  const { __metadata__: metadata = {}, ...rest } = parseJson(bytes.subarray(8, 8 + length), bad);
  if (!isTexts(metadata)) throw bad("its metadata is not a record of texts");
  const entries = Object.entries(rest as Record<string, Entry>);
  checkLayout(entries, bytes.length - 8 - length, bad);
  return { entries, metadata, start: 8 + length };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every((text) => typeof text === "string");

function parseJson(bytes: Uint8Array, bad: (why: string) => UserError): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch (error) {
    throw bad(`its header is not JSON (${(error as Error).message})`);
  }
  throw bad("its header is not an object");
}

/** Ranges must follow one another without hole or overlap, match shape times dtype, and end with the file. */
function checkLayout(entries: [string, Entry][], dataLength: number, bad: (why: string) => UserError): void {
  for (const [name, entry] of entries) checkEntry(name, entry, bad);
  const ranges = entries.map(
    ([
      name,
      {
        dtype,
        data_offsets: [from, to],
        shape,
      },
    ]) => ({ name, from, to, shape, bytes: BYTES[dtype] * sizeOf(shape) }),
  );
  let expected = 0;
  for (const { name, from, to, shape, bytes } of ranges.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== expected) throw bad(`"${name}" starts at byte ${from} instead of ${expected}`);
    if (to - from !== bytes) throw bad(`"${name}" has ${to - from} bytes for shape [${shape}]`);
    expected = to;
  }
  if (expected !== dataLength) throw bad(`it holds ${dataLength} bytes of data, its header describes ${expected}`);
}

function checkEntry(name: string, entry: Entry, bad: (why: string) => UserError): void {
  const isCount = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;
  if (!Object.hasOwn(BYTES, String(entry?.dtype)))
    throw bad(`"${name}" has dtype ${entry?.dtype}, only ${Object.keys(BYTES).join(" and ")} are read`);
  if (!Array.isArray(entry.shape) || !entry.shape.every(isCount)) throw bad(`"${name}" has no valid shape`);
  const offsets: unknown = entry.data_offsets;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw bad(`"${name}" has no valid range`);
  if (!Number.isSafeInteger(entry.shape.reduce((a, b) => a * b, 4))) throw bad(`"${name}" overflows`);
}
