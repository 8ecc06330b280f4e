import { randomUUID } from "node:crypto";
import { type Header, type Json, type Message, PROTOCOL_VERSION } from "../wire/message.ts";
import type { Channel, Sockets } from "../wire/sockets.ts";

const USERNAME = "kernel";

/** Writes messages: replies to a request, and publications that name the request they belong to. */
export class Publisher {
  readonly session = randomUUID();
  readonly #sockets: Sockets;

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
  }

  reply(channel: Channel, request: Message, type: string, content: Json): void {
    const { identities, header } = request;
    this.#send(channel, type, header, content, { identities });
  }

  publish(
    parent: Header | undefined,
    type: string,
    content: Json,
    extra: { metadata?: Json; buffers?: Buffer[] } = {},
  ) {
    this.#send("iopub", type, parent, content, {
      ...extra,
      identities: [Buffer.from(`kernel.${this.session}.${type}`)],
    });
  }

  /** Tells a new subscriber that from here on it misses nothing. */
  welcome(topic: Buffer): void {
    const content = { subscription: topic.toString() };
    this.#send("iopub", "iopub_welcome", undefined, content, { identities: [topic] });
  }

  #send(channel: Channel, type: string, parent: Header | undefined, content: Json, rest: Partial<Message>): void {
    this.#sockets.send(channel, {
      header: this.#header(type),
      parent: parent ?? {},
      metadata: {},
      identities: [],
      buffers: [],
      ...rest,
      content,
    });
  }

  #header(type: string): Header {
    return {
      msg_id: randomUUID(),
      session: this.session,
      username: USERNAME,
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
  }
}
