import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { type Command, type Control, END_MARK, type Event, FD } from "../protocol/executor.ts";
import { encodeFrame, FrameDecoder } from "../protocol/pipe.ts";

export interface ExecutorListener {
  event(event: Event, buffers: Buffer[]): void;
  /** What native code and child processes wrote. */
  native(name: "stdout" | "stderr", text: string): void;
  exit(description: string): void;
}

/** One executor process. It leads a process group of its own, so that killing it takes its children along. */
export class ExecutorClient {
  readonly #child: ChildProcess;
  readonly #listener: ExecutorListener;
  /** Cells whose end mark each native stream has shown. */
  readonly #ended = { stdout: new Set<number>(), stderr: new Set<number>() };
  readonly #heldBack: Extract<Event, { type: "done" }>[] = [];
  /** Native streams that cells have closed: nothing more will come of them. */
  readonly #closed = { stdout: false, stderr: false };
  #ranOut = false;
  #gone = false;

  constructor(file: string, env: NodeJS.ProcessEnv, listener: ExecutorListener) {
    this.#listener = listener;
    const stdio = ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", "pipe"] as const;
    this.#child = spawn(process.execPath, [file], { stdio: [...stdio], detached: true, env });
    this.#child.on("error", (error) => this.#exited(error.message));
    this.#child.on("exit", (code, signal) => {
      // What it leaves behind would hold the pipes open, for ever perhaps.
      this.kill();
      setTimeout(() => this.#exited(endOf(code, signal)), LAST_WORDS_MS);
    });
    this.#child.on("close", (code, signal) => this.#exited(endOf(code, signal)));
    this.#readEvents();
    this.#readNative("stdout");
    this.#readNative("stderr");
    for (const fd of [FD.commands, FD.control, FD.debug]) this.#pipe(fd).on("error", () => {});
  }

  send(command: Command, buffers: readonly Buffer[] = []): void {
    if (!this.#gone) this.#pipe(FD.commands).write(encodeFrame(command, buffers));
  }

  control(message: Control): void {
    if (!this.#gone) this.#pipe(FD.control).write(encodeFrame(message));
  }

  /** The way to V8's inspector of the process, which listens from now on. */
  debugPipe(): Duplex {
    this.control({ type: "debug" });
    return this.#pipe(FD.debug);
  }

  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#gone) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  #pipe(fd: number): Duplex {
    return (this.#child.stdio as unknown as Duplex[])[fd];
  }

  #exited(description: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#listener.exit(this.#ranOut ? OUT_OF_MEMORY : description);
  }

  #readEvents(): void {
    const decoder = new FrameDecoder<Event>();
    this.#pipe(FD.events).on("data", (chunk: Buffer) => {
      for (const { message, buffers } of decoder.push(chunk)) {
        if (message.type === "done") this.#heldBack.push(message);
        else this.#listener.event(message, buffers);
      }
      this.#releaseDone();
    });
  }

  /** A cell is over when its `done` and the end marks on both native streams have arrived. */
  #releaseDone(): void {
    const { stdout, stderr } = this.#ended;
    const { stdout: noStdout, stderr: noStderr } = this.#closed;
    const over = this.#heldBack.filter(({ cell }) => (noStdout || stdout.has(cell)) && (noStderr || stderr.has(cell)));
    for (const done of over) {
      this.#heldBack.splice(this.#heldBack.indexOf(done), 1);
      stdout.delete(done.cell);
      stderr.delete(done.cell);
      this.#listener.event(done, []);
    }
  }

  #readNative(name: "stdout" | "stderr"): void {
    const stream = this.#child[name] as Readable;
    stream.setEncoding("utf8");
    let rest = "";
    stream.on("data", (chunk: string) => {
      rest += chunk;
      for (let mark = END_MARK.exec(rest); mark; mark = END_MARK.exec(rest)) {
        this.#native(name, rest.slice(0, mark.index));
        this.#ended[name].add(Number(mark[1]));
        rest = rest.slice(mark.index + mark[0].length);
      }
      const keep = rest.indexOf("\0");
      this.#native(name, keep < 0 ? rest : rest.slice(0, keep));
      rest = keep < 0 || rest.length - keep > MARK_LENGTH ? "" : rest.slice(keep);
      this.#releaseDone();
    });
    stream.on("end", () => {
      this.#closed[name] = true;
      this.#releaseDone();
    });
  }

  #native(name: "stdout" | "stderr", output: string): void {
    const text = output.replace(NODES_FAREWELL, "");
    if (name === "stderr" && V8S_LAST_WORDS.test(text)) this.#ranOut = true;
    if (text !== "") this.#listener.native(name, text);
  }
}

/** What an ended process wrote last is on its way for no longer than this. */
const LAST_WORDS_MS = 500;

/** Node says this when a process ends that is being debugged; the debugger lets go of it by itself. */
const NODES_FAREWELL = "Waiting for the debugger to disconnect...\n";

/** V8 says this when it ends the process for want of memory. */
const V8S_LAST_WORDS = /FATAL ERROR: .*heap out of memory/i;
const OUT_OF_MEMORY =
  "out of memory: V8's limit was reached, which NODE_OPTIONS=--max-old-space-size=8192 sets to 8 GB, for example";

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "signal SIGKILL, which is what the system sends when memory runs out";
  return signal ? `signal ${signal}` : `exit code ${code}`;
}

/** Longer than any end mark: what starts like one but goes on is output. */
const MARK_LENGTH = 40;
