import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { currentCell, send } from "./channel.ts";
import type { Interrupts } from "./interrupt.ts";
import { SLOT } from "./shared.ts";

export const NOBODY = "needs a person to ask, and this run has none";

/** Called with the line, or with nothing when the cell ended before there was one. */
type Reader = (line: string | undefined) => void;

/** Questions to the person at the front-end. Headless runs have nobody to ask. */
export class Input {
  readonly #interrupts: Interrupts;
  readonly #answers: MessagePort;
  readonly #allowed = new Set<number>();
  readonly #readers: { cell: number; read: Reader }[] = [];
  #listening = false;

  constructor(interrupts: Interrupts, answers: MessagePort) {
    this.#interrupts = interrupts;
    this.#answers = answers;
  }

  begin(cell: number, allowed: boolean): void {
    if (allowed) this.#allowed.add(cell);
  }

  /** Questions of the cell that nobody answered are dropped. */
  end(cell: number): void {
    this.#allowed.delete(cell);
    const open = this.#readers.filter((reader) => reader.cell === cell);
    for (const reader of open) {
      this.#readers.splice(this.#readers.indexOf(reader), 1);
      reader.read(undefined);
    }
  }

  isAllowed(): boolean {
    return this.#allowed.has(currentCell());
  }

  /** Asks, and goes on. */
  ask(prompt: string, read: Reader): void {
    if (!this.#listening) {
      this.#listening = true;
      this.#answers.on("message", (line: string) => this.#readers.shift()?.read(line));
      this.#answers.unref();
    }
    this.#readers.push({ cell: currentCell(), read });
    send({ type: "input", cell: currentCell(), prompt, password: false });
  }

  /** Asks and waits. The main thread sleeps meanwhile; front process and control thread stay awake. */
  askAndWait(what: string, prompt: string, password = false): string {
    if (!this.isAllowed()) throw new Error(`${what} ${NOBODY}`);
    const { slots } = this.#interrupts;
    send({ type: "input", cell: currentCell(), prompt, password });
    for (;;) {
      if (slots[SLOT.flag]) this.#interrupts.stop();
      const seen = Atomics.load(slots, SLOT.input);
      const answer = receiveMessageOnPort(this.#answers) as { message: string } | undefined;
      if (answer) return answer.message;
      Atomics.wait(slots, SLOT.input, seen, 1000);
    }
  }
}

/** The browser's functions. @throws KeyboardInterrupt */
export function dialogs(input: Input) {
  return {
    prompt: (message = "", { password = false }: { password?: boolean } = {}): string =>
      input.askAndWait("prompt()", String(message), password),
    /** True for y and yes, in any case. */
    confirm: (message = ""): boolean => /^\s*y(es)?\s*$/i.test(input.askAndWait("confirm()", `${message} [y/N] `)),
    /** Waits until the person has seen it; where there is nobody, it is output. */
    alert: (message = ""): void => {
      if (input.isAllowed()) input.askAndWait("alert()", `${message} [Enter] `);
      else console.log(String(message));
    },
  };
}
