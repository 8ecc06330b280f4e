/**
 * The safetensors format: 8 bytes of header length, a JSON header (name -> dtype, shape, byte range), then the data.
 * The reader trusts nothing: see `parseHeader`.
 */
import { readFileSync } from "node:fs";
import { UserError } from "../util/errors.ts";

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
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const MAX_HEADER = 10_000_000;
const ALIGNMENT = 8;

/** Serialises tensors in the given order; the data is contiguous and the header padded to 8 bytes. */
export function encodeSafetensors(tensors: Record<string, HostTensor>, metadata: Record<string, string> = {}): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  const pad = (ALIGNMENT - (Buffer.byteLength(json) % ALIGNMENT)) % ALIGNMENT;
  const head = Buffer.from(json + " ".repeat(pad));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  const bodies = Object.values(tensors).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([size, head, ...bodies]);
}

/** @throws UserError naming the file and what is wrong with it */
export function readSafetensors(path: string): SafetensorsFile {
  return decodeSafetensors(readFileSync(path), path);
}

/** @param source what to call the bytes in an error message */
export function decodeSafetensors(bytes: Buffer, source: string): SafetensorsFile {
  const { entries, metadata, start } = parseHeader(bytes, source);
  const tensors: Record<string, HostTensor> = {};
  for (const [name, entry] of entries) {
    const [from, to] = entry.data_offsets;
    const copy = bytes.subarray(start + from, start + to);
    const data = new Float32Array(entry.shape.reduce((a, b) => a * b, 1));
    new Uint8Array(data.buffer).set(copy);
    tensors[name] = { shape: entry.shape, data };
  }
  return { tensors, metadata };
}

function parseHeader(bytes: Buffer, source: string) {
  const bad = (why: string): UserError =>
    new UserError(`${source} is not a sound safetensors file: ${why}`, "restore it from its origin or train it again");
  if (bytes.length < 8) throw bad(`only ${bytes.length} bytes long`);
  const length = Number(bytes.readBigUInt64LE(0));
  if (length > MAX_HEADER) throw bad(`its header claims ${length} bytes`);
  if (8 + length > bytes.length) throw bad("it ends inside its header (truncated)");
  const header = parseJson(bytes.toString("utf8", 8, 8 + length), bad);
  const { __metadata__: metadata = {}, ...rest } = header;
  const entries = Object.entries(rest as Record<string, Entry>);
  checkLayout(entries, bytes.length - 8 - length, bad);
  return { entries, metadata: metadata as Record<string, string>, start: 8 + length };
}

function parseJson(text: string, bad: (why: string) => UserError): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === "object" && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch (error) {
    throw bad(`its header is not JSON (${(error as Error).message})`);
  }
  throw bad("its header is not an object");
}

/** Ranges must follow one another without hole or overlap, match shape times dtype, and end with the file. */
function checkLayout(entries: [string, Entry][], dataLength: number, bad: (why: string) => UserError): void {
  let expected = 0;
  const sorted = [...entries].sort((a, b) => (a[1]?.data_offsets?.[0] ?? 0) - (b[1]?.data_offsets?.[0] ?? 0));
  for (const [name, entry] of sorted) {
    checkEntry(name, entry, bad);
    const [from, to] = entry.data_offsets;
    const size = 4 * entry.shape.reduce((a, b) => a * b, 1);
    if (from !== expected) throw bad(`"${name}" starts at byte ${from} instead of ${expected}`);
    if (to - from !== size) throw bad(`"${name}" has ${to - from} bytes for shape [${entry.shape}]`);
    expected = to;
  }
  if (expected !== dataLength) throw bad(`it holds ${dataLength} bytes of data, its header describes ${expected}`);
}

function checkEntry(name: string, entry: Entry, bad: (why: string) => UserError): void {
  const isCount = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;
  if (entry?.dtype !== "F32") throw bad(`"${name}" has dtype ${entry?.dtype}, only F32 is read`);
  if (!Array.isArray(entry.shape) || !entry.shape.every(isCount)) throw bad(`"${name}" has no valid shape`);
  const offsets: unknown = entry.data_offsets;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw bad(`"${name}" has no valid range`);
  if (!Number.isSafeInteger(entry.shape.reduce((a, b) => a * b, 4))) throw bad(`"${name}" overflows`);
}
