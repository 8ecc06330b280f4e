import type { CommMessage, Event } from "../protocol/executor.ts";
import type { Completion } from "../protocol/language.ts";
import type { Json, Message } from "../wire/message.ts";
import type { Channel, Sockets } from "../wire/sockets.ts";
import { CellRunner } from "./cell-runner.ts";
import { CommRegistry } from "./comms.ts";
import { toCodePoints, toUtf16 } from "./cursor.ts";
import { Debugging } from "./debugging.ts";
import { Executor } from "./executor.ts";
import { History, type HistoryRequest } from "./history.ts";
import { kernelInfo } from "./info.ts";
import { LanguageClient } from "./language-client.ts";
import { withMembers } from "./live-members.ts";
import { isCellMagicComplete, planCell } from "./magics.ts";
import { Output } from "./output.ts";
import { Publisher } from "./publisher.ts";
import { compiled, historyFile, languageCommands } from "./settings.ts";
import { Shells } from "./shells.ts";
import { Status } from "./status.ts";

type Handler = (message: Message) => Promise<Json> | Json;

/** The kernel as a front-end sees it. Everything but cells is answered at once, also while a cell runs. */
export class Kernel {
  readonly #publisher: Publisher;
  readonly #status: Status;
  readonly #output: Output;
  readonly #executor: Executor;
  readonly #language: LanguageClient;
  readonly #history: History;
  readonly #comms = new CommRegistry();
  readonly #shells: Shells;
  readonly #debugging: Debugging;
  readonly #shutDown: (restart: boolean) => void;

  constructor(sockets: Sockets, shutDown: () => void) {
    this.#shutDown = shutDown;
    this.#publisher = new Publisher(sockets);
    this.#status = new Status(this.#publisher);
    // At once, before anybody can have subscribed: the first thing a subscriber hears is its welcome.
    this.#status.starting();
    this.#output = new Output(this.#publisher);
    this.#history = new History(historyFile, (problem) => this.#output.notice(problem));
    this.#language = new LanguageClient(languageCommands(process.cwd()));
    this.#executor = this.#startExecutor();
    const { language, executor, output } = { language: this.#language, executor: this.#executor, output: this.#output };
    const debugging = new Debugging({
      executor,
      language,
      publisher: this.#publisher,
      interrupt: () => this.interrupt(),
    });
    this.#debugging = debugging;
    const parts = {
      runner: new CellRunner({ language, executor, output, debugging }),
      publisher: this.#publisher,
      status: this.#status,
      output,
      history: this.#history,
    };
    this.#shells = new Shells(parts, (upTo, isIdle) => {
      executor.interrupt(upTo);
      debugging.interrupting();
      if (isIdle) void debugging.cellEnds();
    });
  }

  receive(channel: "shell" | "control", message: Message): void {
    const type = message.header.msg_type;
    if (type === "execute_request") this.#shells.push(message);
    else if (type.startsWith("comm_") && type !== "comm_info_request") void this.#receiveComm(message);
    else void this.#answer(channel, message);
  }

  receiveInput({ header, content }: Message): void {
    if (header.msg_type === "input_reply") this.#executor.answerInput(String(content.value ?? ""));
  }

  welcome(topic: Buffer): void {
    this.#publisher.welcome(topic);
  }

  interrupt(): void {
    this.#shells.interrupt(undefined);
  }

  close(): void {
    this.#executor.close();
    this.#language.close();
  }

  #startExecutor(): Executor {
    return new Executor(
      compiled("executor-main"),
      { ...process.env },
      {
        event: (event, buffers) => this.#event(event, buffers),
        native: (name, text) => this.#output.native(name, text),
        lost: (report) => {
          if (report) this.#output.outOfTurn(`${report.traceback.join("\n")}\n`);
          this.#comms.clear();
          this.#debugging.executorReplaced();
          this.#language.call("reset", {}).catch(() => {});
        },
      },
    );
  }

  readonly #handlers: Record<string, Handler> = {
    kernel_info_request: () => kernelInfo(),
    complete_request: ({ content }) => this.#complete(content),
    inspect_request: ({ content }) => this.#inspect(content),
    is_complete_request: ({ content }) => this.#isComplete(String(content.code ?? "")),
    history_request: ({ content }) => ({ status: "ok", history: this.#history.answer(content as HistoryRequest) }),
    comm_info_request: ({ content }) => ({ status: "ok", comms: this.#comms.info(content.target_name) }),
    interrupt_request: (message) => {
      this.#shells.interrupt(message);
      return { status: "ok" };
    },
    create_subshell_request: () => this.#shells.create(),
    delete_subshell_request: ({ content }) => this.#shells.delete(content.subshell_id),
    list_subshell_request: () => this.#shells.list(),
    debug_request: (message) => this.#debugging.request(message),
    shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
  };

  /** Unknown requests are left unanswered, as the messaging specification asks. */
  async #answer(channel: Channel, message: Message): Promise<void> {
    const type = message.header.msg_type;
    const handler = Object.hasOwn(this.#handlers, type) ? this.#handlers[type] : undefined;
    this.#status.busy(message);
    if (handler) {
      const content = await (async () => handler(message))().catch(failedReply);
      this.#publisher.reply(channel, message, type.replace("_request", "_reply"), content);
    }
    this.#status.idle(message);
    if (type === "shutdown_request") this.#shutDown(message.content.restart === true);
  }

  async #isComplete(code: string): Promise<Json> {
    const magic = isCellMagicComplete(code);
    if (magic !== undefined) return magic ? { status: "complete" } : { status: "incomplete", indent: "" };
    const plan = planCell(code);
    if (plan.kind !== "code") return { status: plan.kind === "error" ? "invalid" : "complete" };
    return { ...(await this.#language.call("isComplete", { code: plan.code })) };
  }

  async #complete({ code, cursor_pos }: Json): Promise<Json> {
    const text = String(code ?? "");
    const cursor = toUtf16(text, typeof cursor_pos === "number" ? cursor_pos : text.length);
    const { matches, start, end, types } = await this.#completion(text, cursor);
    const range = { start: toCodePoints(text, start), end: toCodePoints(text, end) };
    const metadata = { _jupyter_types_experimental: types.map((entry) => ({ ...entry, ...range })) };
    return { status: "ok", matches, cursor_start: range.start, cursor_end: range.end, metadata };
  }

  /** Where types say little, the value itself is looked at. */
  async #completion(code: string, cursor: number): Promise<Completion> {
    const typed = await this.#language.call("complete", { code, cursor });
    return typed.live ? withMembers(typed, code, await this.#executor.members(typed.live)) : typed;
  }

  async #inspect({ code, cursor_pos, detail_level }: Json): Promise<Json> {
    const text = String(code ?? "");
    const cursor = toUtf16(text, typeof cursor_pos === "number" ? cursor_pos : text.length);
    const detail = detail_level === 1 ? 1 : 0;
    const found = await this.#language.call("inspect", { code: text, cursor, detail });
    const data = found ? { "text/plain": found.plain, "text/markdown": found.markdown } : {};
    return { status: "ok", found: found !== undefined, data, metadata: {} };
  }

  async #receiveComm(message: Message): Promise<void> {
    this.#status.busy(message);
    const forwarded = this.#comms.fromFrontEnd(message);
    if (forwarded) {
      const handled = this.#comms.handled(message);
      this.#executor.comm(forwarded, message.buffers);
      await handled;
    }
    this.#status.idle(message);
  }

  #event(event: Event, buffers: Buffer[]): void {
    if (event.type === "stream") this.#output.stream(event.cell, event.name, event.text);
    else if (event.type === "display") this.#output.display(event);
    else if (event.type === "clear") this.#output.clear(event.cell, event.wait);
    else if (event.type === "result") this.#result(event);
    else if (event.type === "input") this.#askForInput(event);
    else if (event.type === "comm") this.#sendComm(event, buffers);
    else if (event.type === "commHandled") this.#comms.handle(event.request);
    else if (event.type === "missing") void this.#answerMissing(event);
  }

  #result({ cell, data, metadata }: Extract<Event, { type: "result" }>): void {
    this.#output.result(cell, this.#shells.run(cell)?.count ?? 0, data, metadata);
  }

  async #answerMissing({ id, specifier, names }: Extract<Event, { type: "missing" }>): Promise<void> {
    // Without an answer the names count as missing, which they are.
    const types = await this.#language.call("typesAmong", { specifier, names }).catch(() => []);
    this.#executor.types(id, types);
  }

  #askForInput({ cell, prompt, password }: Extract<Event, { type: "input" }>): void {
    const request = this.#shells.run(cell)?.request.message;
    this.#output.flush();
    if (request) this.#publisher.reply("stdin", request, "input_request", { prompt, password });
  }

  #sendComm(event: CommMessage & { cell: number }, buffers: Buffer[]): void {
    const { type, content, metadata } = this.#comms.fromExecutor(event);
    this.#output.publish(event.cell, type, content, { metadata, buffers, parent: this.#comms.parentOf(event) });
  }
}

function failedReply(error: Error): Json {
  return { status: "error", ename: error.name, evalue: error.message, traceback: [error.stack ?? error.message] };
}
