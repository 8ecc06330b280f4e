import type { Bundle, ErrorReport, Event } from "../protocol/executor.ts";
import type { Header, Json } from "../wire/message.ts";
import type { Publisher } from "./publisher.ts";
import { StreamBuffer } from "./streams.ts";

/** What messages have beside their content. */
interface Extra {
  metadata?: Json;
  buffers?: Buffer[];
  /** The request it answers, where that is not the cell's. */
  parent?: Header;
}

/** Headers of old requests are kept for late output. */
const KEPT = 5000;

/** Everything a cell shows, published with the request that made it, in order. */
export class Output {
  readonly #publisher: Publisher;
  readonly #parents = new Map<number, { header: Header; silent: boolean }>();
  readonly #streams: StreamBuffer;
  #latest = 0;
  #notices: string[] = [];

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
    this.#streams = new StreamBuffer((cell, name, text) => this.#publish(cell, "stream", { name, text }));
  }

  begin(cell: number, header: Header, silent: boolean): void {
    this.#latest = cell;
    this.#parents.set(cell, { header, silent });
    this.#parents.delete(cell - KEPT);
  }

  stream(cell: number, name: "stdout" | "stderr", text: string): void {
    this.#streams.add(cell, name, text);
  }

  native(name: "stdout" | "stderr", text: string): void {
    this.stream(this.#latest, name, text);
  }

  /** What the kernel itself has to say: told by the next cell. */
  notice(text: string): void {
    this.#notices.push(`${text}\n`);
  }

  tellNotices(cell: number): void {
    for (const text of this.#notices.splice(0)) this.stream(cell, "stderr", text);
  }

  /** Something that happened while no cell ran: shown at once, where the last one was. */
  outOfTurn(text: string): void {
    if (!this.#parents.has(this.#latest)) return;
    this.stream(this.#latest, "stderr", text);
    this.flush();
  }

  display({ cell, data, metadata, displayId, update }: Extract<Event, { type: "display" }>): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.publish(cell, update ? "update_display_data" : "display_data", { data, metadata, transient });
  }

  clear(cell: number, wait: boolean): void {
    this.publish(cell, "clear_output", { wait });
  }

  result(cell: number, count: number, data: Bundle, metadata: Json): void {
    this.publish(cell, "execute_result", { execution_count: count, data, metadata });
  }

  error(cell: number, { ename, evalue, traceback }: ErrorReport): void {
    this.publish(cell, "error", { ename, evalue, traceback });
  }

  /** Any message in the name of a cell, after what its streams still hold. Silent cells publish nothing. */
  publish(cell: number, type: string, content: Json, extra: Extra = {}): void {
    this.flush();
    this.#publish(cell, type, content, extra);
  }

  flush(): void {
    this.#streams.flush();
  }

  #publish(cell: number, type: string, content: Json, { parent, ...extra }: Extra = {}): void {
    const made = parent
      ? { header: parent, silent: false }
      : (this.#parents.get(cell) ?? this.#parents.get(this.#latest));
    if (!made?.silent) this.#publisher.publish(made?.header, type, content, extra);
  }
}
