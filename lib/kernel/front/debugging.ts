import { pathToFileURL } from "node:url";
import type { Adapter, AdapterParts } from "../debugger/adapter.ts";
import { RanCells } from "../debugger/cells.ts";
import type { Header, Json, Message } from "../wire/message.ts";
import type { Executor } from "./executor.ts";
import type { LanguageClient } from "./language-client.ts";
import type { Publisher } from "./publisher.ts";
import { compiled, compiledFolder } from "./settings.ts";

interface Parts {
  executor: Executor;
  language: LanguageClient;
  publisher: Publisher;
  interrupt: () => void;
}

/** Where the front process and the debugger meet. The debugger is loaded by the first request that needs it. */
export class Debugging {
  readonly cells = new RanCells();
  readonly #parts: Parts;
  #adapter: Promise<Adapter> | undefined;
  #loaded: Adapter | undefined;
  #latest: Header | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async request({ header, content }: Message): Promise<Json> {
    this.#latest = header;
    this.#adapter ??= this.#load();
    return { ...(await (await this.#adapter).request(content)) };
  }

  /** Whether a debugger is connected. */
  get isStarted(): boolean {
    return this.#loaded?.isStarted === true;
  }

  /** The cell may only start when the debugger is ready for it. */
  async cellStarts(cell: number, label: string, code: string): Promise<void> {
    this.cells.note(cell, label, code);
    if (this.#adapter) await (await this.#adapter).settled();
  }

  async cellEnds(): Promise<void> {
    if (this.#adapter) await (await this.#adapter).cellEnded();
  }

  /** An interrupt is about to be sent to the executor, which may be paused. */
  interrupting(): void {
    void this.#adapter?.then((adapter) => adapter.interrupting());
  }

  executorReplaced(): void {
    void this.#adapter?.then((adapter) => adapter.executorReplaced());
  }

  async #load(): Promise<Adapter> {
    const { Adapter, Inspector } = (await import(pathToFileURL(compiled("debugger-adapter")).href)) as {
      Adapter: new (parts: AdapterParts) => Adapter;
      Inspector: typeof import("../debugger/adapter.ts").Inspector;
    };
    const { executor, language, publisher, interrupt } = this.#parts;
    this.#loaded = new Adapter({
      cells: this.cells,
      kernelFolder: compiledFolder,
      inspector: (notified) => new Inspector(executor.debugPipe(), notified),
      compile: (code) => language.call("expression", { code }),
      guards: (js) => language.call("guards", { js }),
      declare: (name) => language.declare(name),
      publish: (event) => publisher.publish(this.#latest, "debug_event", { ...event }),
      interrupt,
    });
    return this.#loaded;
  }
}
