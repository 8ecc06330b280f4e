import { createRequire } from "node:module";
import { inspect } from "node:util";
import type { Publisher } from "zeromq";
import { bundleOf } from "../../display/display.ts";
import type { Frontend } from "../../display/frontend.ts";
import { type CellError, type Diagnostic, diagnosticsError, errorOf } from "./cell-errors.ts";
import { StreamBuffer } from "./stream-buffer.ts";

const require = createRequire(import.meta.url);
const { ZmqServer } = require("tslab/dist/jupyter.js") as typeof import("tslab/dist/jupyter.js");

type Message = Parameters<InstanceType<typeof ZmqServer>["handleExecute"]>[1];
type Content = { code: string; silent?: boolean; stop_on_error?: boolean };

/** What runs the cells' code. `print` receives what tslab's executor would write to its console. */
export interface CellRunner {
  execute(code: string): Promise<boolean>;
  print: Printer;
}

/** tslab reports values and errors of a cell by printing them. */
export interface Printer {
  log(value: unknown): void;
  error(...args: unknown[]): void;
}

const NOTEBOOK = Symbol.for("typebook.jupyter");

/** tslab's server with the handling of cells replaced: errors are reported as errors, and no cell is lost. */
export class MendedServer extends ZmqServer {
  private readonly runner: CellRunner;
  private queue: Promise<void> = Promise.resolve();
  private failures = 0;
  private count = 0;
  private readonly streams = new StreamBuffer((name, text, request: Message) =>
    this.send("stream", { name, text }, request),
  );
  private rejection: ((reason: unknown) => void) | undefined;

  constructor(handler: ConstructorParameters<typeof ZmqServer>[0], connectionFile: string, runner: CellRunner) {
    super(handler, connectionFile);
    this.runner = runner;
    this.mendSockets();
    process.on("unhandledRejection", (reason) => this.rejection?.(reason));
  }

  /** With zeromq 6, a send that has to wait makes the next one fail: never wait, and queue without a limit. */
  private mendSockets(): void {
    type Bind = (socket: Publisher, port: number) => Promise<void>;
    const bind = Reflect.get(this, "bindSocket") as Bind;
    const mended: Bind = (socket, port) => {
      socket.sendTimeout = 0;
      socket.sendHighWaterMark = 0;
      return bind.call(this, socket, port);
    };
    Reflect.set(this, "bindSocket", mended);
  }

  /** One cell after the other. A failed cell aborts those that were already waiting, if it was asked to. */
  override handleExecute(socket: unknown, request: Message): Promise<void> {
    const failuresBefore = this.failures;
    const turn = this.queue.then(() =>
      this.failures === failuresBefore ? this.run(socket, request) : this.reply(socket, request, { status: "aborted" }),
    );
    this.queue = turn;
    return turn;
  }

  /** Text is gathered until something else is sent or the code pauses: one message for many short lines. */
  private publish(type: string, content: object, parent: Message): void {
    this.streams.flush();
    this.send(type, content, parent);
  }

  private send(type: string, content: object, parent: Message): void {
    const message = parent.createReply();
    message.header.msg_type = type;
    message.content = content;
    message.signAndSend(this.connInfo.key, this.iopub);
  }

  private reply(socket: unknown, request: Message, content: object): void {
    this.streams.flush();
    const message = request.createReply();
    message.header.msg_type = "execute_reply";
    message.content = content;
    message.signAndSend(this.connInfo.key, socket);
  }

  private async run(socket: unknown, request: Message): Promise<void> {
    const { code, silent, stop_on_error = true } = request.content as Content;
    const execution_count = silent ? this.count : ++this.count;
    if (!silent) this.publish("execute_input", { code, execution_count }, request);
    this.redirect(request);
    const error = await this.outcome(code, request);
    if (!error) return this.reply(socket, request, { status: "ok", execution_count, user_expressions: {} });
    if (stop_on_error) this.failures++;
    this.publish("error", error, request);
    this.reply(socket, request, { status: "error", execution_count, ...error });
  }

  /** Runs a cell; answers with its error, if it has one. Rejections that nobody awaits count as the cell's. */
  private async outcome(code: string, request: Message): Promise<CellError | undefined> {
    const errors: CellError[] = [];
    const diagnostics: Diagnostic[] = [];
    const values: unknown[] = [];
    this.rejection = (reason) => errors.push(errorOf(reason));
    this.runner.print = {
      log: (value) => values.push(value),
      error: (first, ...rest) => {
        if (rest.length === 0) errors.push(errorOf(first));
        else diagnostics.push(rest as unknown as Diagnostic);
      },
    };
    try {
      await this.runner.execute(code);
      for (const value of values) await this.showResult(value, request);
      await new Promise((resolve) => setImmediate(resolve));
    } catch (thrown) {
      errors.push(errorOf(thrown));
    }
    return diagnostics.length > 0 ? diagnosticsError(diagnostics, this.count) : errors[0];
  }

  private async showResult(value: unknown, request: Message): Promise<void> {
    const data = typeof value === "string" ? { "text/plain": inspect(value) } : await bundleOf(value);
    this.publish("execute_result", { data, metadata: {}, execution_count: this.count }, request);
  }

  /** Sends what is written and displayed from now on to the cell. */
  private redirect(request: Message): void {
    const decoder = new TextDecoder();
    for (const name of ["stdout", "stderr"] as const) {
      process[name].write = (chunk: string | Uint8Array) => {
        this.streams.add(name, typeof chunk === "string" ? chunk : decoder.decode(chunk), request);
        return true;
      };
    }
    const frontend: Frontend = {
      display: (data, { displayId, update, metadata = {} } = {}) => {
        const transient = displayId === undefined ? {} : { display_id: displayId };
        this.publish(update ? "update_display_data" : "display_data", { data, metadata, transient }, request);
      },
      clearOutput: (wait) => this.publish("clear_output", { wait }, request),
    };
    Object.assign(globalThis, { [NOTEBOOK]: frontend });
  }
}
