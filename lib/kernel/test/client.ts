import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dealer, Request, Subscriber } from "zeromq";
import { decode, encode } from "../wire/frames.ts";
import type { Header, Json, Message } from "../wire/message.ts";

/** The kernel's package. */
export const PACKAGE = resolve(import.meta.dirname, "..");
const LAUNCHER = join(PACKAGE, "launch", "launch.mjs");
const KEY = "a-key-for-tests";
const TIMEOUT_MS = 60_000;
/** The first kernel after a change of its sources is compiled, which a busy machine takes its time for. */
const START_MS = 150_000;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

export interface StartOptions {
  folder?: string;
  env?: NodeJS.ProcessEnv;
  /** What starts the launcher, when not `node`. */
  command?: string[];
  /** What starts the kernel instead, as in a kernelspec. */
  argv?: string[];
}

export interface ExecuteOptions extends Json {
  silent?: boolean;
  store_history?: boolean;
  user_expressions?: Record<string, string>;
  allow_stdin?: boolean;
  stop_on_error?: boolean;
}

export interface Executed {
  reply: Json;
  /** Published messages of the request, from busy to idle. */
  messages: Message[];
  stdout: string;
  stderr: string;
  /** text/plain of the result. */
  result: string | undefined;
  /** Content of the error message. */
  error: Json | undefined;
  /** Lines of the error message, joined; empty without an error. */
  traceback: string;
}

/** A Jupyter client as small as the tests need it, over real sockets. */
export class KernelClient {
  readonly process: ChildProcess;
  readonly session = randomUUID();
  readonly shell = new Dealer({ routingId: randomUUID(), linger: 0 });
  readonly control = new Dealer({ linger: 0 });
  readonly stdin: Dealer;
  readonly iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  readonly heartbeat = new Request({ linger: 0 });
  readonly published: Message[] = [];
  readonly replies: Message[] = [];
  readonly inputRequests: Message[] = [];
  /** What the kernel process itself wrote. */
  log = "";
  readonly #listeners = new Set<() => void>();

  /** A port that is free when it is chosen may be taken when it is bound: then others are chosen. */
  static async start(options: StartOptions = {}, tries = 3): Promise<KernelClient> {
    const { folder = PACKAGE, env = {}, command = ["node"], argv } = options;
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
    const connection = {
      transport: "tcp",
      ip: "127.0.0.1",
      key: KEY,
      signature_scheme: "hmac-sha256",
      ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
    };
    const scratch = mkdtempSync(join(tmpdir(), "kernel-test-"));
    const file = join(scratch, "connection.json");
    writeFileSync(file, JSON.stringify(connection));
    const whole = argv ?? [...command, LAUNCHER, "{connection_file}"];
    const [program, ...args] = whole.map((part) => part.replace("{connection_file}", file));
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, TYPEBOOK_HISTORY: join(scratch, "history.jsonl"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const client = new KernelClient(child, connection);
    const taken = new Promise<"taken">((resolve) => {
      child.once("exit", () => client.log.includes("EADDRINUSE") && resolve("taken"));
    });
    const ready = client.ready();
    ready.catch(() => {});
    try {
      if ((await Promise.race([ready, taken])) !== "taken") return client;
    } catch (error) {
      child.kill("SIGKILL");
      client.#close();
      throw error;
    }
    client.#close();
    if (tries === 1) throw new Error(`no free ports: ${client.log}`);
    return KernelClient.start(options, tries - 1);
  }

  private constructor(child: ChildProcess, ports: Record<string, unknown>) {
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text) => {
        this.log += text;
      });
    }
    this.stdin = new Dealer({ routingId: this.shell.routingId, linger: 0 });
    const at = (port: string) => `tcp://127.0.0.1:${ports[port]}`;
    this.shell.connect(at("shell_port"));
    this.control.connect(at("control_port"));
    this.stdin.connect(at("stdin_port"));
    this.heartbeat.connect(at("hb_port"));
    this.iopub.connect(at("iopub_port"));
    this.iopub.subscribe();
    void this.#collect(this.iopub, this.published);
    void this.#collect(this.shell, this.replies);
    void this.#collect(this.control, this.replies);
    void this.#collect(this.stdin, this.inputRequests);
  }

  /** Resolves when the kernel has answered and published to us. */
  async ready(): Promise<void> {
    const id = this.send("kernel_info_request", {});
    await this.replyTo(id, START_MS);
    await this.until(() => this.published.length > 0);
  }

  send(
    type: string,
    content: Json,
    channel: "shell" | "control" | "stdin" = "shell",
    parent: Message["parent"] = {},
    header: Partial<Header> = {},
  ): string {
    const message = this.message(type, content, parent);
    Object.assign(message.header, header);
    return this.sendMessage(message, channel);
  }

  sendMessage(message: Message, channel: "shell" | "control" | "stdin" = "shell"): string {
    void this[channel].send(encode(message, KEY));
    return message.header.msg_id;
  }

  message(type: string, content: Json, parent: Message["parent"] = {}): Message {
    const header = {
      msg_id: randomUUID(),
      session: this.session,
      username: "test",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.4",
    };
    return { identities: [], header, parent, metadata: {}, content, buffers: [] };
  }

  execute(code: string, options: ExecuteOptions = {}): Promise<Executed> {
    return this.finished(this.start(code, options));
  }

  /** Sends an execute_request without waiting. */
  start(code: string, options: ExecuteOptions = {}, header: Partial<Header> = {}): string {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, ...options };
    return this.send("execute_request", { stop_on_error: true, ...content }, "shell", {}, header);
  }

  async finished(id: string): Promise<Executed> {
    const reply = await this.replyTo(id);
    await this.until(() => this.publishedFor(id).some((m) => m.content.execution_state === "idle"));
    const messages = this.publishedFor(id);
    const texts = (name: string) =>
      messages.filter((m) => m.content.name === name).map((m) => m.content.text as string);
    const result = messages.find((m) => m.header.msg_type === "execute_result")?.content.data as Json | undefined;
    const error = messages.find((m) => m.header.msg_type === "error")?.content;
    return {
      reply: reply.content,
      messages,
      stdout: texts("stdout").join(""),
      stderr: texts("stderr").join(""),
      result: result?.["text/plain"] as string | undefined,
      error,
      traceback: ((error?.traceback ?? []) as string[]).join("\n"),
    };
  }

  async request(type: string, content: Json, channel: "shell" | "control" = "shell"): Promise<Json> {
    return (await this.replyTo(this.send(type, content, channel))).content;
  }

  interrupt(): Promise<Json> {
    return this.request("interrupt_request", {}, "control");
  }

  publishedFor(id: string): Message[] {
    return this.published.filter((message) => (message.parent as { msg_id?: string }).msg_id === id);
  }

  async replyTo(id: string, timeout = TIMEOUT_MS): Promise<Message> {
    const find = () => this.replies.find((message) => (message.parent as { msg_id?: string }).msg_id === id);
    await this.until(() => find() !== undefined, timeout);
    return find() as Message;
  }

  /** Waits until a published stream of the request contains the text. */
  async printed(id: string, text: string): Promise<void> {
    const isThere = () =>
      this.publishedFor(id)
        .map((message) => message.content.text ?? "")
        .join("")
        .includes(text);
    await this.until(isThere);
  }

  async until(condition: () => boolean, timeout = TIMEOUT_MS): Promise<void> {
    const deadline = Date.now() + timeout;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain; the kernel wrote: ${this.log}`);
      await Promise.race([sleep(200), new Promise<void>((heard) => this.#listeners.add(heard))]);
    }
  }

  async beat(): Promise<string> {
    await this.heartbeat.send("ping");
    const [answer] = await this.heartbeat.receive();
    return answer.toString();
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.send("shutdown_request", { restart: false }, "control");
      const late = setTimeout(() => this.process.kill("SIGKILL"), 5000);
      await once(this.process, "exit");
      clearTimeout(late);
    }
    this.#close();
  }

  #close(): void {
    for (const socket of [this.shell, this.control, this.stdin, this.iopub, this.heartbeat]) socket.close();
  }

  async #collect(socket: Dealer | Subscriber, into: Message[]): Promise<void> {
    for await (const frames of socket) {
      into.push(decode(frames, KEY));
      for (const heard of this.#listeners) heard();
      this.#listeners.clear();
    }
  }
}

/** Published message types of an execution, in order. */
export function types({ messages }: Executed): string[] {
  return messages.map(({ header, content }) =>
    header.msg_type === "status" ? String(content.execution_state) : header.msg_type,
  );
}
