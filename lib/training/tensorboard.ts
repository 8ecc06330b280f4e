/**
 * A run as a TensorBoard event file: metrics, its configuration and tables as text, sample videos as animated pictures. TFRecords (length, checksum, data, checksum) of Event messages. The file
 * is written whole each time, so that a killed and resumed run leaves no doubles.
 */
import { double, float, integer, message } from "../runtime/backend/protobuf.ts";
import { writeAtomic } from "../util/files.ts";
import type { Metrics } from "./run/log.ts";

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

/** Fields of tensorboard's messages: Event, Summary, Summary.Value, Summary.Image, SummaryMetadata, PluginData, TensorProto. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 };
const VALUE = 1;
const TAG = 1;
const SIMPLE_VALUE = 2;
const IMAGE = { value: 4, height: 1, width: 2, colours: 3, bytes: 4 };
const TEXT = { tensor: 8, metadata: 9, plugin: 1, pluginName: 1, dtype: 1, shape: 2, strings: 8 };
const DT_STRING = 7;
const RGB = 3;

/** What is shown beside the numbers of a step. */
export type RunSample =
  | { readonly step: number; readonly tag: string; readonly markdown: string }
  | { readonly step: number; readonly tag: string; readonly gif: Uint8Array };

/** A GIF's size stands in its head. */
function imageOf(gif: Uint8Array): Buffer[] {
  const head = Buffer.from(gif.buffer, gif.byteOffset, gif.byteLength);
  const [width, height] = [head.readUInt16LE(6), head.readUInt16LE(8)];
  return [
    integer(IMAGE.height, height),
    integer(IMAGE.width, width),
    integer(IMAGE.colours, RGB),
    message(IMAGE.bytes, head),
  ];
}

function summaryOf(sample: RunSample): Buffer {
  const tag = message(TAG, sample.tag);
  if ("gif" in sample) return message(VALUE, tag, message(IMAGE.value, ...imageOf(sample.gif)));
  const plugin = message(TEXT.metadata, message(TEXT.plugin, message(TEXT.pluginName, "text")));
  const tensor = [integer(TEXT.dtype, DT_STRING), message(TEXT.shape), message(TEXT.strings, sample.markdown)];
  return message(VALUE, tag, message(TEXT.tensor, ...tensor), plugin);
}

/** Metric that counts as seconds of a step. */
const SECONDS = "charts/seconds";

/** @param metrics one record a step; time is counted in the steps' seconds from 0 */
export function encodeEvents(
  metrics: readonly (Metrics & { step: number })[],
  samples: readonly RunSample[] = [],
): Buffer {
  let seconds = 0;
  const shown = samples.map((sample) =>
    record(
      Buffer.concat([
        double(EVENT.wallTime, 0),
        integer(EVENT.step, sample.step),
        message(EVENT.summary, summaryOf(sample)),
      ]),
    ),
  );
  const events = metrics.map(({ step, ...values }) => {
    seconds += values[SECONDS] ?? 0;
    const summaries = Object.entries(values).map(([tag, value]) =>
      message(VALUE, message(TAG, tag), float(SIMPLE_VALUE, value)),
    );
    const head = [double(EVENT.wallTime, seconds), integer(EVENT.step, step)];
    return record(Buffer.concat([...head, message(EVENT.summary, ...summaries)]));
  });
  const version = Buffer.concat([double(EVENT.wallTime, 0), message(EVENT.fileVersion, "brain.Event:2")]);
  return Buffer.concat([record(version), ...events, ...shown]);
}

export const writeEvents = (
  path: string,
  metrics: readonly (Metrics & { step: number })[],
  samples: readonly RunSample[] = [],
): void => writeAtomic(path, encodeEvents(metrics, samples));
