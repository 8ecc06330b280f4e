import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { protectWrites, send } from "./channel.ts";
import { type Arrival, Interrupts } from "./interrupt.ts";
import { Scope } from "./scope.ts";
import { SLOTS } from "./shared.ts";

/** Starts the thread that hears interrupts while the main thread computes. */
export function startControlThread(file: string): { interrupts: Interrupts; scope: Scope; answers: MessagePort } {
  const shared = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT);
  const slots = new Int32Array(shared);
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(file, { workerData: { shared, answers: port2 }, transferList: [port2], execArgv: [] });
  protectWrites(slots);
  const scope = new Scope(slots);
  const interrupts = new Interrupts(slots, scope, () => send({ type: "acknowledged" }));
  thread.on("message", (arrival: Arrival) => interrupts.arrived(arrival));
  thread.unref();
  return { interrupts, scope, answers: port1 };
}
