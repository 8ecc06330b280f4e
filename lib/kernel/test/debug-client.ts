import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Json, Message } from "../wire/message.ts";
import { KernelClient, type StartOptions } from "./client.ts";

type Variable = DebugProtocol.Variable;

/** A front-end's debugger over a kernel's sockets. */
export class DebugClient {
  readonly kernel: KernelClient;
  #seq = 1;
  /** How many of the events have been waited for. */
  #seen = 0;

  constructor(kernel: KernelClient) {
    this.kernel = kernel;
  }

  /** A kernel with its debugger started, as JupyterLab starts it. */
  static async start(options: StartOptions & { clientID?: string } = {}): Promise<DebugClient> {
    const client = new DebugClient(await KernelClient.start(options));
    await client.attach(options.clientID);
    return client;
  }

  async attach(clientID = "test"): Promise<void> {
    await this.ask("initialize", { clientID, adapterID: "", linesStartAt1: true, columnsStartAt1: true });
    await this.ask("attach");
  }

  /** The response, whatever it says. */
  async request(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const content = { type: "request", seq: this.#seq++, command, arguments: args };
    return (await this.kernel.request("debug_request", content, "control")) as unknown as DebugProtocol.Response;
  }

  /** The body of a response that succeeds. */
  // biome-ignore lint/suspicious/noExplicitAny: every command answers something else
  async ask(command: string, args: object = {}): Promise<any> {
    const { success, message, body } = await this.request(command, args);
    if (!success) throw new Error(`${command}: ${message}`);
    return body;
  }

  /** Sets breakpoints in a cell, by line or in full. */
  async breakIn(
    code: string,
    ...wanted: (number | DebugProtocol.SourceBreakpoint)[]
  ): Promise<DebugProtocol.Breakpoint[]> {
    const { sourcePath } = await this.ask("dumpCell", { code });
    return this.breakAt(sourcePath, ...wanted);
  }

  async breakAt(
    path: string,
    ...wanted: (number | DebugProtocol.SourceBreakpoint)[]
  ): Promise<DebugProtocol.Breakpoint[]> {
    const breakpoints = wanted.map((one) => (typeof one === "number" ? { line: one } : one));
    const set = await this.ask("setBreakpoints", { source: { path }, breakpoints, sourceModified: false });
    return set.breakpoints;
  }

  get events(): Message[] {
    return this.kernel.published.filter(({ header }) => header.msg_type === "debug_event");
  }

  /** The next event of that name that was not waited for before. */
  async event(name: string): Promise<Json> {
    await this.kernel.until(() => this.#unseen(name) >= 0);
    const index = this.#unseen(name);
    this.#seen = index + 1;
    return this.events[index].content.body as Json;
  }

  #unseen(name: string): number {
    return this.events.findIndex(({ content }, i) => i >= this.#seen && content.event === name);
  }

  /** Waits for the next stop and tells where it is: `reason line function`. */
  async stop(): Promise<string> {
    const { reason } = await this.event("stopped");
    const [{ line, name }] = await this.frames();
    return `${reason} ${line} ${name}`;
  }

  /** Steps and tells where that leads. */
  async step(kind: "next" | "stepIn" | "stepOut"): Promise<string> {
    await this.ask(kind, { threadId: 1 });
    return this.stop();
  }

  /** Steps through the rest of a cell and tells all stops. */
  async stepToEnd(kind: "next" | "stepIn", id: string, most = 100): Promise<string[]> {
    const places: string[] = [];
    const isOver = () => this.kernel.replies.some(({ parent }) => (parent as { msg_id?: string }).msg_id === id);
    while (places.length < most) {
      await this.ask(kind, { threadId: 1 });
      await this.kernel.until(() => isOver() || this.#unseen("stopped") >= 0);
      if (isOver()) return places;
      places.push((await this.stop()).replace(/^step /, ""));
    }
    throw new Error(`no end after ${most} steps: ${places.join(", ")}`);
  }

  async continue(): Promise<void> {
    await this.ask("continue", { threadId: 1 });
  }

  async frames(): Promise<DebugProtocol.StackFrame[]> {
    return (await this.ask("stackTrace", { threadId: 1 })).stackFrames;
  }

  /** The variables of a scope of the top frame, or of the frame given. */
  async scope(name: string, frameId = 1): Promise<Variable[]> {
    const { scopes } = await this.ask("scopes", { frameId });
    const scope = (scopes as DebugProtocol.Scope[]).find((one) => one.name === name);
    return scope ? this.children(scope.variablesReference) : [];
  }

  async children(variablesReference: number): Promise<Variable[]> {
    return (await this.ask("variables", { variablesReference })).variables;
  }

  /** `name: value` of a scope's variables. */
  async values(name: string, frameId = 1): Promise<Record<string, string>> {
    return Object.fromEntries((await this.scope(name, frameId)).map((one) => [one.name, one.value]));
  }

  async evaluate(expression: string, frameId?: number): Promise<string> {
    return (await this.ask("evaluate", { expression, frameId, context: "repl" })).result;
  }

  stopKernel(): Promise<void> {
    return this.kernel.stop();
  }
}
