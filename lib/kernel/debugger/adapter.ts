import type { DebugProtocol } from "@vscode/debugprotocol";
import { Answers } from "./answers.ts";
import type { Inspector } from "./inspector.ts";
import { Session, type SessionPlaces } from "./session.ts";

export { Inspector } from "./inspector.ts";

export interface AdapterParts extends SessionPlaces {
  /** The inspector of the executor that runs now; the same one until that is replaced. */
  inspector: (notified: (method: string, params: object) => void) => Inspector;
  publish: (event: DebugProtocol.Event) => void;
  /** Stops the running cell. */
  interrupt: () => void;
}

/** Jupyter's debug protocol: the debug adapter protocol and a few requests more, answered for the kernel's executor. */
export class Adapter {
  readonly #answers: Answers;
  readonly #session: Session;
  readonly #publish: (event: string, body?: object) => void;
  #work: Promise<void> = Promise.resolve();
  #seq = 1;

  constructor(parts: AdapterParts) {
    this.#publish = (event, body = {}) => parts.publish({ seq: this.#seq++, type: "event", event, body });
    this.#session = new Session({ ...parts, publish: this.#publish });
    this.#answers = new Answers(this.#session);
  }

  get isStarted(): boolean {
    return this.#session.isStarted;
  }

  /** Every request is answered, one that fails with the reason. */
  async request(content: Record<string, unknown>): Promise<DebugProtocol.Response> {
    const { seq, command, arguments: args = {} } = content as unknown as DebugProtocol.Request;
    const reply = { type: "response", seq: this.#seq++, request_seq: seq, command } as const;
    try {
      return { ...reply, success: true, body: await this.#answers.answer(command, args as object) };
    } catch (error) {
      return { ...reply, success: false, message: (error as Error).message, body: {} };
    }
  }

  /** An interrupt goes to the executor next. */
  interrupting(): void {
    this.#do((session) => session.pauses?.letInterruptThrough());
  }

  cellEnded(): Promise<void> {
    this.#do((session) => session.pauses?.cellEnded());
    return this.settled();
  }

  /** There is a new executor. */
  executorReplaced(): void {
    this.#do((session) => session.executorReplaced());
  }

  /** Resolves when the debugger has done what the kernel's own events ask of it. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** An executor that ends in the middle leaves nothing to do; its successor is announced. */
  #do(work: (session: Session) => Promise<void> | undefined): void {
    this.#work = this.#work
      .then(() => work(this.#session))
      .catch((error: Error) =>
        this.#publish("output", {
          category: "stderr",
          output: `debugger: ${error.message}\n`,
        }),
      );
  }
}
