import type { CommMessage } from "../protocol/executor.ts";
import type { Header, Json, Message } from "../wire/message.ts";
import { objectOr } from "./request.ts";

const EVENTS = { comm_open: "open", comm_msg: "message", comm_close: "close" } as const;
const TYPES = { open: "comm_open", message: "comm_msg", close: "comm_close" } as const;

/** A front-end is told idle when the executor has handled its message, or after this: it may be computing. */
const HANDLED_MS = 200;

interface Request {
  header: Header;
  handled: () => void;
}

/** Which comms are open, and their translation between Jupyter's messages and the executor's. */
export class CommRegistry {
  readonly #targets = new Map<string, string>();
  /** Messages of front-ends that are not known to be handled. */
  readonly #requests = new Map<number, Request>();
  #lastRequest = 0;

  /** Undefined for malformed messages. */
  fromFrontEnd({ header, content, metadata }: Message): CommMessage | undefined {
    const event = EVENTS[header.msg_type as keyof typeof EVENTS];
    const id = content.comm_id;
    if (!event || typeof id !== "string") return undefined;
    const target = typeof content.target_name === "string" ? content.target_name : undefined;
    this.#note(event, id, target);
    this.#lastRequest += 1;
    return { type: "comm", event, id, target, data: objectOr(content.data), metadata, request: this.#lastRequest };
  }

  /** Resolves when the executor has handled the message that was translated last, or will not soon. */
  handled({ header }: Message): Promise<void> {
    const request = this.#lastRequest;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HANDLED_MS);
      const handled = () => {
        clearTimeout(timer);
        this.#requests.delete(request);
        resolve();
      };
      this.#requests.set(request, { header, handled });
    });
  }

  handle(request: number): void {
    this.#requests.get(request)?.handled();
  }

  /** The front-end's message that a message of the executor answers. */
  parentOf({ request }: CommMessage): Header | undefined {
    return this.#requests.get(request ?? 0)?.header;
  }

  fromExecutor({ event, id, target, data, metadata }: CommMessage): { type: string; content: Json; metadata: Json } {
    this.#note(event, id, target);
    const content = event === "open" ? { comm_id: id, target_name: target, data } : { comm_id: id, data };
    return { type: TYPES[event], content, metadata };
  }

  info(target: unknown): Record<string, { target_name: string }> {
    const wanted = [...this.#targets].filter(([, name]) => target === undefined || target === "" || name === target);
    return Object.fromEntries(wanted.map(([id, name]) => [id, { target_name: name }]));
  }

  clear(): void {
    this.#targets.clear();
    for (const { handled } of [...this.#requests.values()]) handled();
  }

  #note(event: CommMessage["event"], id: string, target = ""): void {
    if (event === "open") this.#targets.set(id, target);
    if (event === "close") this.#targets.delete(id);
  }
}
