/**
 * A run's metrics as a TensorBoard event file: TFRecords (length, checksum, data, checksum) of Event messages. The file
 * is written whole each time, so that a killed and resumed run leaves no doubles.
 */
import { double, float, integer, message } from "../runtime/backend/protobuf.ts";
import { writeAtomic } from "../util/files.ts";
import type { Metrics } from "./run.ts";

/** TensorBoard looks for this name's beginning. */
export const EVENTS = "events.out.tfevents.0.worldcompass";

/** CRC-32C (Castagnoli), one byte's remainder at a time. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let r = byte;
  for (let bit = 0; bit < 8; bit++) r = r & 1 ? (r >>> 1) ^ 0x82f63b78 : r >>> 1;
  return r;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ REMAINDERS[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

/** TFRecord's checksum: rotated and offset, so that a checksum of checksums is sound. */
function maskedCrc(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const out = Buffer.alloc(4);
  out.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return out;
}

function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]);
}

/** Fields of tensorboard's Event, Summary and Summary.Value messages. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 };
const VALUE = 1;
const TAG = 1;
const SIMPLE_VALUE = 2;
/** Metric that counts as seconds of a step. */
const SECONDS = "charts/seconds";

/** @param metrics one record a step; time is counted in the steps' seconds from 0 */
export function encodeEvents(metrics: readonly (Metrics & { step: number })[]): Buffer {
  let seconds = 0;
  const events = metrics.map(({ step, ...values }) => {
    seconds += values[SECONDS] ?? 0;
    const summaries = Object.entries(values).map(([tag, value]) =>
      message(VALUE, message(TAG, tag), float(SIMPLE_VALUE, value)),
    );
    const head = [double(EVENT.wallTime, seconds), integer(EVENT.step, step)];
    return record(Buffer.concat([...head, message(EVENT.summary, ...summaries)]));
  });
  const version = Buffer.concat([double(EVENT.wallTime, 0), message(EVENT.fileVersion, "brain.Event:2")]);
  return Buffer.concat([record(version), ...events]);
}

export const writeEvents = (path: string, metrics: readonly (Metrics & { step: number })[]): void =>
  writeAtomic(path, encodeEvents(metrics));
