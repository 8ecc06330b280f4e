import type { CommMessage } from "../protocol/executor.ts";
import type { Json, Message } from "../wire/message.ts";
import { objectOr } from "./request.ts";

const EVENTS = { comm_open: "open", comm_msg: "message", comm_close: "close" } as const;
const TYPES = { open: "comm_open", message: "comm_msg", close: "comm_close" } as const;

/** Which comms are open, and their translation between Jupyter's messages and the executor's. */
export class CommRegistry {
  readonly #targets = new Map<string, string>();

  /** Undefined for malformed messages. */
  fromFrontEnd({ header, content, metadata }: Message): CommMessage | undefined {
    const event = EVENTS[header.msg_type as keyof typeof EVENTS];
    const id = content.comm_id;
    if (!event || typeof id !== "string") return undefined;
    const target = typeof content.target_name === "string" ? content.target_name : undefined;
    this.#note(event, id, target);
    return { type: "comm", event, id, target, data: objectOr(content.data), metadata };
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
  }

  #note(event: CommMessage["event"], id: string, target = ""): void {
    if (event === "open") this.#targets.set(id, target);
    if (event === "close") this.#targets.delete(id);
  }
}
