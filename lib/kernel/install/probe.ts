import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dealer, Subscriber } from "zeromq";
import { decode, encode } from "../wire/frames.ts";
import type { Json, Message } from "../wire/message.ts";

const PATIENCE_MS = 60_000;
const KEY = randomUUID();
const PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];

async function freePorts(): Promise<Record<string, number>> {
  const servers = PORTS.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return Object.fromEntries(PORTS.map((name, i) => [name, ports[i]]));
}

function request(type: string, content: Json): Message {
  const header = { msg_id: randomUUID(), session: KEY, username: "", date: new Date().toISOString(), msg_type: type };
  return { identities: [], header: { ...header, version: "5.4" }, parent: {}, metadata: {}, content, buffers: [] };
}

/** A kernel that a kernelspec's argv started, asked over its real sockets. */
class Probe {
  readonly #child: ChildProcess;
  readonly #shell = new Dealer({ linger: 0 });
  readonly #iopub = new Subscriber({ linger: 0 });
  readonly #folder: string;
  log = "";

  constructor(argv: string[], ports: Record<string, number>, cwd: string) {
    this.#folder = mkdtempSync(join(tmpdir(), "typebook-doctor-"));
    const file = join(this.#folder, "connection.json");
    const connection = { ...ports, transport: "tcp", ip: "127.0.0.1", key: KEY, signature_scheme: "hmac-sha256" };
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [program, ...args] = argv.map((part) => part.replace("{connection_file}", file));
    const env = { ...process.env, TYPEBOOK_HISTORY: join(this.#folder, "history.jsonl") };
    this.#child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.on("error", ({ message }) => {
      this.log += message;
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (text) => {
        this.log += text;
      });
    }
    this.#shell.connect(`tcp://127.0.0.1:${ports.shell_port}`);
    this.#iopub.connect(`tcp://127.0.0.1:${ports.iopub_port}`);
    this.#iopub.subscribe();
  }

  /** Sends a request, and returns its reply. @throws Error with what the kernel wrote if it ends or stays silent */
  async ask(type: string, content: Json): Promise<Json> {
    const message = request(type, content);
    await this.#shell.send(encode(message, KEY));
    return this.#patiently(async () => {
      for await (const frames of this.#shell) {
        const { parent, content: reply } = decode(frames, KEY);
        if (parent.msg_id === message.header.msg_id) return reply;
      }
      throw new Error("the socket was closed");
    });
  }

  /** text/plain of the next result. */
  result(): Promise<string> {
    return this.#patiently(async () => {
      for await (const frames of this.#iopub) {
        const { header, content } = decode(frames, KEY);
        if (header.msg_type === "execute_result") return String((content.data as Json)["text/plain"]);
      }
      throw new Error("the socket was closed");
    });
  }

  async #patiently<T>(act: () => Promise<T>): Promise<T> {
    const ended = once(this.#child, "close").then(() => this.#failed("it ended"));
    const late = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => this.#failed("it does not answer"));
    return Promise.race([act(), ended, late]);
  }

  #failed(why: string): never {
    throw new Error([why, ...this.log.trim().split("\n").slice(-3)].join("\n        "));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.pid !== undefined) {
      const gone = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      await Promise.race([gone, sleep(5000, undefined, { ref: false }).then(() => this.#child.kill("SIGKILL"))]);
    }
    this.#shell.close();
    this.#iopub.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Starts a kernel as Jupyter would, and runs a typed cell. Returns how long that took, in milliseconds.
 * @throws Error that says what went wrong
 */
export async function probeKernel(argv: string[], cwd: string): Promise<number> {
  const start = performance.now();
  const probe = new Probe(argv, await freePorts(), cwd);
  try {
    await probe.ask("kernel_info_request", {});
    const result = probe.result();
    const code = "enum Answer { Right = 42 }\nconst answer: number = Answer.Right; answer";
    const reply = await probe.ask("execute_request", { code, silent: false, store_history: true, allow_stdin: false });
    if (reply.status !== "ok") throw new Error(`a cell failed: ${reply.ename}: ${reply.evalue}`);
    const shown = await result;
    if (shown !== "42") throw new Error(`a cell gave ${shown} instead of 42`);
    return performance.now() - start;
  } finally {
    await probe.stop();
  }
}
