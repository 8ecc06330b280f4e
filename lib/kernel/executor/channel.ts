import { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import { type Event, endMark, FD } from "../protocol/executor.ts";
import { encodeFrame, MAX_FRAME_BYTES } from "../protocol/pipe.ts";
import { uninterrupted } from "./scope.ts";

/** The cell that started the running code, through timers and promises. */
export const origin = new AsyncLocalStorage<number>();

let latest = 0;

/** Output of code that lost its origin goes to the cell that ran last. */
export function currentCell(): number {
  return origin.getStore() ?? latest;
}

export function setLatest(cell: number): void {
  latest = cell;
}

let slots: Int32Array | undefined;

/** From now on the thread may be stopped anywhere, except while it writes. */
export function protectWrites(shared: Int32Array): void {
  slots = shared;
}

/**
 * Sends an event to the front process before returning: a loop that never yields still shows what it prints.
 * @throws RangeError if it is longer than a frame may be
 */
export function send(event: Event, buffers: readonly Uint8Array[] = []): void {
  const frame = frameOf(event, buffers);
  uninterrupted(slots, () => writeFully(FD.events, frame));
}

function frameOf(event: Event, buffers: readonly Uint8Array[]): Buffer {
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  if (bytes > MAX_FRAME_BYTES) throw tooLong(`${megabytes(bytes)} MB`);
  const frame = encoded(event, buffers);
  if (frame.length > MAX_FRAME_BYTES) throw tooLong(`${megabytes(frame.length)} MB`);
  return frame;
}

function encoded(event: Event, buffers: readonly Uint8Array[]): Buffer {
  try {
    return encodeFrame(event, buffers);
  } catch (error) {
    // Longer than the longest string.
    throw error instanceof RangeError && /string length/.test(error.message) ? tooLong("More than 512 MB") : error;
  }
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

const tooLong = (size: string): RangeError =>
  new RangeError(
    `${size} in one output, where ${megabytes(MAX_FRAME_BYTES)} MB is the limit: show less of it, or write it to a file`,
  );

/** Tells the front process that what native code wrote in a cell is over. */
export function markEnd(cell: number): void {
  const mark = Buffer.from(endMark(cell));
  for (const fd of [1, 2]) {
    try {
      writeFully(fd, mark);
    } catch (error) {
      // Native code has closed it, which the front process sees.
      if (!["EBADF", "EPIPE"].includes(String((error as NodeJS.ErrnoException).code))) throw error;
    }
  }
}

export function writeFully(fd: number, data: Buffer): void {
  let offset = 0;
  while (offset < data.length) {
    try {
      offset += writeSync(fd, data, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
