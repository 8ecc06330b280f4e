import type { Message } from "../wire/message.ts";
import type { Publisher } from "./publisher.ts";

/** busy and idle around every request. */
export class Status {
  readonly #publisher: Publisher;
  /** By shell: the request of the cell that runs there. */
  readonly #running = new Map<unknown, Message>();

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  starting(): void {
    this.#publisher.publish(undefined, "status", { execution_state: "starting" });
  }

  busy(request: Message): void {
    this.#publisher.publish(request.header, "status", { execution_state: "busy" });
  }

  /** A front-end takes the last status for the shell's: while a cell runs there, it is told again that it does. */
  idle(request: Message): void {
    this.#publisher.publish(request.header, "status", { execution_state: "idle" });
    const running = this.#running.get(shellOf(request));
    if (running && running !== request) this.busy(running);
  }

  cellStarts(request: Message): void {
    this.#running.set(shellOf(request), request);
    this.busy(request);
  }

  cellEnds(request: Message): void {
    this.#running.delete(shellOf(request));
    this.idle(request);
  }
}

/** Undefined for the main shell, which control requests belong to as well. */
function shellOf({ header }: Message): unknown {
  return header.subshell_id ?? undefined;
}
