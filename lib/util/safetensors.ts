/**
 * The safetensors format: 8 bytes of header length, a JSON header (name -> dtype, shape, byte range), then the data.
 * The reader trusts nothing: see `parseHeader`.
 */
import { readFileSync } from "node:fs";
import { duplicateKey } from "./duplicate-key.ts";
import { onFile, UserError } from "./errors.ts";
import { fromHalves, toHalf } from "./half.ts";

/** How values are stored; in memory they are float32 always. */
type ReadType = keyof typeof BYTES;
export type StoredType = Exclude<ReadType, "BF16">;

const BYTES = { F32: 4, F16: 2, BF16: 2 } as const;
/** Types of the format that we do not read. */
const OTHERS = ["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "I16", "U16", "I32", "U32", "F64", "I64", "U64"];

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
  dtype: ReadType;
  shape: number[];
  data_offsets: [number, number];
}

/** The format's own limit. */
const MAX_HEADER = 100_000_000;
/** More axes than any array library knows. */
const MAX_RANK = 64;
const ALIGNMENT = 8;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Serialises tensors in the given order; the data is contiguous and the header padded to 8 bytes.
 * @throws RangeError where values and shape disagree, or a value does not fit the stored type
 * @throws UserError where our own reader would refuse the file
 */
export function encodeSafetensors(
  tensors: Record<string, HostTensor>,
  metadata: Record<string, string> = {},
  dtype: StoredType = "F32",
): Buffer {
  let offset = 0;
  const entries: [string, unknown][] = [["__metadata__", metadata]];
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (name === "__metadata__") throw new RangeError(`no tensor may be called ${name}`);
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
  const bytes = Buffer.concat([size, head, ...bodies]);
  parseHeader(bytes, "what was to be written");
  return bytes;
}

function toBytes(data: Float32Array, dtype: StoredType): Buffer {
  const stored = dtype === "F32" ? data : Uint16Array.from(data, toHalf);
  return Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
}

function fromBytes(bytes: Uint8Array, dtype: ReadType): Float32Array {
  // A copy of its own, since a slice of a file need not be aligned.
  const { buffer } = new Uint8Array(bytes);
  if (dtype === "F32") return new Float32Array(buffer);
  return dtype === "F16" ? fromHalves(new Uint16Array(buffer)) : fromBrainFloats(new Uint16Array(buffer));
}

/** BF16 is the upper half of a 32-bit float. */
function fromBrainFloats(stored: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(stored, (half) => half * 2 ** 16).buffer);
}

/** @throws UserError naming the file and what is wrong with it */
export function readSafetensors(path: string): SafetensorsFile {
  return decodeSafetensors(
    onFile(path, () => readFileSync(path)),
    path,
  );
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
  for (const [name, entry] of entries) checkEntry(name, entry, bad);
  checkTypes(entries, source);
  checkLayout(entries, bytes.length - 8 - length, bad);
  return { entries, metadata, start: 8 + length };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is Record<string, string> =>
  isRecord(value) &&
  Object.entries(value)
    .flat()
    .every((text) => typeof text === "string" && !UNPAIRED.test(text));

const BRACE = 0x7b;

/** The header begins with its brace and is filled up with spaces; nothing else stands around it. */
function parseJson(bytes: Uint8Array, bad: (why: string) => UserError): Record<string, unknown> {
  if (bytes[0] !== BRACE) throw bad("its header is not an object: it does not begin with {");
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    throw bad(`its header is not JSON (${(error as Error).message})`);
  }
  if (!/\} *$/.test(text.slice(-MAX_PADDING))) throw bad("its header is filled up with something else than spaces");
  const twice = duplicateKey(text);
  if (twice !== undefined) throw bad(`its header names ${JSON.stringify(twice)} twice`);
  return header as Record<string, unknown>;
}

/** Writers fill up to their page at most. */
const MAX_PADDING = 65536;

/** Ranges must follow one another without hole or overlap, match shape times dtype, and end with the file. */
function checkLayout(entries: [string, Entry][], dataLength: number, bad: (why: string) => UserError): void {
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

/** Half a character, which no UTF-8 text holds: readers in other languages refuse it. */
const UNPAIRED = /\p{Surrogate}/u;

function checkEntry(name: string, entry: Entry, bad: (why: string) => UserError): void {
  if (UNPAIRED.test(name)) throw bad(`the name ${JSON.stringify(name)} is no text`);
  const isCount = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;
  const dtype: unknown = entry?.dtype;
  if (typeof dtype !== "string" || ![...Object.keys(BYTES), ...OTHERS].includes(dtype))
    throw bad(`"${name}" has dtype ${JSON.stringify(dtype)}, which there is not`);
  if (!Array.isArray(entry.shape) || entry.shape.length > MAX_RANK || !entry.shape.every(isCount))
    throw bad(`"${name}" has no valid shape`);
  const offsets: unknown = entry.data_offsets;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw bad(`"${name}" has no valid range`);
  // Step by step, as readers in other languages do: a 0 at the end does not make it sound.
  let size = 8;
  for (const axis of entry.shape) {
    size *= axis;
    if (!Number.isSafeInteger(size)) throw bad(`"${name}" overflows`);
  }
}

/** A sound file may hold what we do not read. */
function checkTypes(entries: [string, Entry][], source: string): void {
  const other = entries.find(([, { dtype }]) => OTHERS.includes(dtype));
  if (!other) return;
  const [name, { dtype }] = other;
  throw new UserError(`"${name}" in ${source} is ${dtype}; F32, F16 and BF16 are read`, "convert it to one of these");
}
