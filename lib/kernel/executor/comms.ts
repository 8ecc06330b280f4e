import { randomUUID } from "node:crypto";
import type { CommMessage } from "../protocol/executor.ts";
import { currentCell, origin, send } from "./channel.ts";

type Data = Record<string, unknown>;
type Listener = (data: Data, buffers: Buffer[]) => void;
type Target = (comm: Comm, data: Data, buffers: Buffer[]) => void;

/** Number of the front-end's message that is being handled, if one is. */
let answering: number | undefined;

function sendComm(
  event: CommMessage["event"],
  id: string,
  rest: Partial<CommMessage>,
  buffers: Uint8Array[] = [],
): void {
  const message = { type: "comm", event, id, data: {}, metadata: {}, ...rest } as const;
  send({ ...message, cell: currentCell(), request: answering }, buffers);
}

/** One end of a channel to the front-end. */
export class Comm {
  readonly id: string;
  readonly #cell = currentCell();
  #onMessage: Listener = () => {};
  #onClose: Listener = () => {};

  constructor(id: string = randomUUID()) {
    this.id = id;
  }

  send(data: Data, { metadata = {}, buffers = [] }: { metadata?: Data; buffers?: Uint8Array[] } = {}): void {
    sendComm("message", this.id, { data, metadata }, buffers);
  }

  onMessage(listener: Listener): void {
    this.#onMessage = listener;
  }

  onClose(listener: Listener): void {
    this.#onClose = listener;
  }

  /** What the front-end sent. Output of the listener belongs to the cell that made the comm. */
  receive(event: "message" | "close", data: Data, buffers: Buffer[]): void {
    origin.run(this.#cell, () => (event === "close" ? this.#onClose : this.#onMessage)(data, buffers));
  }
}

/** The executor's comms: opened by cells, or by the front-end for targets that cells registered. */
export class Comms {
  readonly #targets = new Map<string, Target>();
  readonly #open = new Map<string, Comm>();

  register(target: string, opened: Target): void {
    this.#targets.set(target, opened);
  }

  open(target: string, data: Data = {}, metadata: Data = {}, buffers: Uint8Array[] = []): Comm {
    const comm = new Comm();
    this.#open.set(comm.id, comm);
    sendComm("open", comm.id, { target, data, metadata }, buffers);
    return comm;
  }

  close(comm: Comm, data: Data = {}): void {
    if (!this.#open.delete(comm.id)) return;
    sendComm("close", comm.id, { data });
  }

  receive(message: CommMessage, buffers: Buffer[]): void {
    answering = message.request;
    try {
      this.#receive(message, buffers);
    } finally {
      answering = undefined;
      if (message.request !== undefined) send({ type: "commHandled", request: message.request });
    }
  }

  #receive(message: CommMessage, buffers: Buffer[]): void {
    if (message.event === "open") {
      this.#accept(message, buffers);
      return;
    }
    const comm = this.#open.get(message.id);
    if (message.event === "close") this.#open.delete(message.id);
    comm?.receive(message.event, message.data, buffers);
  }

  /** A target that nobody registered is answered with a close, as the messaging specification asks. */
  #accept({ id, target = "", data }: CommMessage, buffers: Buffer[]): void {
    const opened = this.#targets.get(target);
    if (!opened) {
      sendComm("close", id, {});
      return;
    }
    const comm = new Comm(id);
    this.#open.set(id, comm);
    opened(comm, data, buffers);
  }
}
