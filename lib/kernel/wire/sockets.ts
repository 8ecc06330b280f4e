import { Reply, Router, XPublisher } from "zeromq";
import { type Connection, endpoint } from "./connection.ts";
import { decode, encode, WireError } from "./frames.ts";
import type { Message } from "./message.ts";
import { Outbox } from "./outbox.ts";
import { ReplayGuard } from "./replay-guard.ts";

export type Channel = "shell" | "control" | "stdin" | "iopub";

/** Frames above this make libzmq drop the connection instead of filling the memory. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/**
 * The five sockets. High-water marks are off so that no message is ever dropped by us, and sends never wait
 * (`sendTimeout: 0`): with a timeout zeromq.js defers every 512th send and refuses the one after it.
 */
export class Sockets {
  readonly #key: string;
  readonly #replays = new ReplayGuard();
  readonly #routers = new Map<Channel, Router>();
  readonly #outboxes = new Map<Channel, Outbox>();
  readonly #publisher = new XPublisher({
    sendTimeout: 0,
    sendHighWaterMark: 0,
    linger: 1000,
    verbosity: "allSubs",
  });
  readonly #heartbeat = new Reply({ linger: 0 });
  /** How many incoming messages were refused as malformed or forged. */
  refused = 0;

  constructor(key: string) {
    this.#key = key;
    for (const channel of ["shell", "control", "stdin"] as const) {
      const router = new Router({
        sendTimeout: 0,
        sendHighWaterMark: 0,
        receiveHighWaterMark: 0,
        linger: 1000,
        maxMessageSize: MAX_FRAME_BYTES,
      });
      this.#routers.set(channel, router);
      this.#outboxes.set(channel, new Outbox(router));
    }
    this.#outboxes.set("iopub", new Outbox(this.#publisher));
  }

  async bind(connection: Connection): Promise<void> {
    await Promise.all([
      ...[...this.#routers].map(([channel, router]) =>
        router.bind(endpoint(connection, `${channel as "shell" | "control" | "stdin"}_port`)),
      ),
      this.#publisher.bind(endpoint(connection, "iopub_port")),
      this.#heartbeat.bind(endpoint(connection, "hb_port")),
    ]);
    void this.#echo();
  }

  /** Calls `handle` for every valid message until the sockets are closed. */
  async listen(channel: "shell" | "control" | "stdin", handle: (message: Message) => void): Promise<void> {
    for await (const frames of this.#routers.get(channel) as Router) {
      const message = this.#decode(frames);
      if (message) handle(message);
    }
  }

  /** Calls `handle` with the topic of every new subscription to the published messages. */
  async subscriptions(handle: (topic: Buffer) => void): Promise<void> {
    for await (const [frame] of this.#publisher) {
      if (frame[0] === 1) handle(frame.subarray(1));
    }
  }

  send(channel: Channel, message: Message): void {
    (this.#outboxes.get(channel) as Outbox).push(encode(message, this.#key));
  }

  /** Resolves when everything sent so far is in libzmq's hands. */
  async flush(): Promise<void> {
    await Promise.all([...this.#outboxes.values()].map((outbox) => outbox.drained()));
  }

  close(): void {
    for (const socket of [...this.#routers.values(), this.#publisher, this.#heartbeat]) socket.close();
  }

  #decode(frames: Buffer[]): Message | undefined {
    try {
      return decode(frames, this.#key, this.#replays);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.refused += 1;
      return undefined;
    }
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}
