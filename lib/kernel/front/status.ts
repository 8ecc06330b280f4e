import type { Message } from "../wire/message.ts";
import type { Publisher } from "./publisher.ts";

/** busy and idle around every request. */
export class Status {
  readonly #publisher: Publisher;
  #running: Message | undefined;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  starting(): void {
    this.#publisher.publish(undefined, "status", { execution_state: "starting" });
  }

  busy(request: Message): void {
    this.#publisher.publish(request.header, "status", { execution_state: "busy" });
  }

  /** A front-end takes the last status for the kernel's: while a cell runs, it is told again that it does. */
  idle(request: Message): void {
    this.#publisher.publish(request.header, "status", { execution_state: "idle" });
    if (this.#running && this.#running !== request) this.busy(this.#running);
  }

  cellStarts(request: Message): void {
    this.#running = request;
    this.busy(request);
  }

  cellEnds(request: Message): void {
    this.#running = undefined;
    this.idle(request);
  }
}
