import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { send } from "./channel.ts";
import { type Arrival, Interrupts } from "./interrupt.ts";
import { SLOTS } from "./shared.ts";

/** Starts the thread that hears interrupts while the main thread computes. */
export function startControlThread(file: string): { interrupts: Interrupts; answers: MessagePort } {
  const shared = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT);
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(file, { workerData: { shared, answers: port2 }, transferList: [port2], execArgv: [] });
  const interrupts = new Interrupts(new Int32Array(shared), (cell) => send({ type: "acknowledged", cell }));
  thread.on("message", (arrival: Arrival) => interrupts.arrived(arrival));
  thread.unref();
  return { interrupts, answers: port1 };
}
