import type { Duplex } from "node:stream";
import { encodeFrame, FrameDecoder } from "../protocol/pipe.ts";
import { type InspectorMessage, RELAY } from "./protocol.ts";

interface Waiting {
  resolve: (result: object) => void;
  reject: (error: Error) => void;
}

/** V8's inspector of one executor process, through the relay in it. */
export class Inspector {
  readonly #pipe: Duplex;
  readonly #read: (chunk: Buffer) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  /** @param notified called with every notification, in order */
  constructor(pipe: Duplex, notified: (method: string, params: object) => void) {
    this.#pipe = pipe;
    const decoder = new FrameDecoder<InspectorMessage>();
    this.#read = (chunk) => {
      for (const { message } of decoder.push(chunk)) {
        if ("method" in message) notified(message.method, message.params);
        else this.#settle(message);
      }
    };
    pipe.on("data", this.#read);
    pipe.once("close", () => this.#gone());
  }

  /** @throws Error with the inspector's words if it refuses, or if the executor ends first */
  post<Result extends object>(method: string, params: object = {}): Promise<Result> {
    const id = this.#nextId++;
    this.#pipe.write(encodeFrame({ id, method, params }));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: object) => void, reject });
    });
  }

  async connect(): Promise<void> {
    await this.post(RELAY.connect);
  }

  /** Leaves the pipe to the next inspector. */
  async disconnect(): Promise<void> {
    await this.post(RELAY.disconnect);
    this.#pipe.off("data", this.#read);
  }

  #settle(message: Exclude<InspectorMessage, { method: string }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.result);
  }

  #gone(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error("the process that runs the cells has ended"));
    this.#waiting.clear();
  }
}
