import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { currentCell, send } from "./channel.ts";
import type { Interrupts } from "./interrupt.ts";
import { SLOT } from "./shared.ts";

let allowed = true;

/** Headless runs have nobody to ask. */
export function setInputAllowed(value: boolean): void {
  allowed = value;
}

/**
 * `prompt()` of browsers: asks the person at the front-end and waits. The main thread sleeps meanwhile; the front
 * process and the control thread stay awake. @throws KeyboardInterrupt
 */
export function createPrompt(interrupts: Interrupts, answers: MessagePort) {
  return (message = "", { password = false }: { password?: boolean } = {}): string => {
    if (!allowed) throw new Error("prompt() needs a person to ask, and this run has none");
    const before = Atomics.load(interrupts.slots, SLOT.input);
    send({ type: "input", cell: currentCell(), prompt: String(message), password });
    while (Atomics.load(interrupts.slots, SLOT.input) === before) {
      if (interrupts.slots[SLOT.flag]) interrupts.stop();
      Atomics.wait(interrupts.slots, SLOT.input, before, 1000);
    }
    return (receiveMessageOnPort(answers) as { message: string }).message;
  };
}
