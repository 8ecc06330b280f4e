import { Socket } from "node:net";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type Control, FD } from "../protocol/executor.ts";
import { FrameDecoder } from "../protocol/pipe.ts";
import type { Arrival } from "./interrupt.ts";
import { SLOT } from "./shared.ts";
import { Stopper } from "./stopper.ts";

/**
 * The executor's control thread: takes interrupts and answers to prompts while the main thread computes. When the
 * front process is gone it ends the executor's whole process group, whatever the main thread is doing.
 */
const slots = new Int32Array(workerData.shared as SharedArrayBuffer);
const answers = workerData.answers as MessagePort;

const stopper = new Stopper(slots);

/** An interrupt is noted before the flag goes up, and `begin` does the reverse: none falls in between. */
function interrupt(upTo: number): void {
  const count = Atomics.add(slots, SLOT.count, 1) + 1;
  Atomics.store(slots, SLOT.requested, upTo);
  Atomics.store(slots, SLOT.flag, 1);
  Atomics.notify(slots, SLOT.input);
  parentPort?.postMessage({ count } satisfies Arrival);
  stopper.watch(count);
}

function answer(value: string): void {
  answers.postMessage(value);
  Atomics.add(slots, SLOT.input, 1);
  Atomics.notify(slots, SLOT.input);
}

/** The debugger's part is loaded when somebody debugs, not before. */
function startDebugger(): void {
  void import(new URL("./debugger-relay.mjs", import.meta.url).href);
}

const decoder = new FrameDecoder<Control>();
const pipe = new Socket({ fd: FD.control, readable: true, writable: false });
pipe.on("data", (chunk: Buffer) => {
  for (const { message } of decoder.push(chunk)) {
    if (message.type === "interrupt") interrupt(message.upTo);
    else if (message.type === "input") answer(message.value);
    else startDebugger();
  }
});
const end = () => process.kill(-process.pid, "SIGKILL");
pipe.on("end", end);
pipe.on("error", end);
