import { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import { type Event, FD } from "../protocol/executor.ts";
import { encodeFrame } from "../protocol/pipe.ts";
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

/** Sends an event to the front process before returning: a loop that never yields still shows what it prints. */
export function send(event: Event, buffers: readonly Uint8Array[] = []): void {
  const frame = encodeFrame(event, buffers);
  uninterrupted(slots, () => writeFully(FD.events, frame));
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
