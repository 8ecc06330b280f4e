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

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Serialises tensors in the given order; the data is contiguous and the header padded to 8 bytes.
 * @throws RangeError where values and shape disagree
 */
export function encodeSafetensors(tensors: Record<string, HostTensor>, metadata: Record<string, string> = {}): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (data.length !== sizeOf(shape)) throw new RangeError(`"${name}" has ${data.length} values, shape [${shape}]`);
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
  const tensors = entries.map(
    ([
      name,
      {
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const data = new Float32Array(sizeOf(shape));
      new Uint8Array(data.buffer).set(bytes.subarray(start + from, start + to));
      return [name, { shape, data }] as const;
    },
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
        data_offsets: [from, to],
        shape,
      },
    ]) => ({ name, from, to, shape }),
  );
  let expected = 0;
  for (const { name, from, to, shape } of ranges.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== expected) throw bad(`"${name}" starts at byte ${from} instead of ${expected}`);
    if (to - from !== 4 * sizeOf(shape)) throw bad(`"${name}" has ${to - from} bytes for shape [${shape}]`);
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
