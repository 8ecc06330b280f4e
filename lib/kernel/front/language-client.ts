import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { FD, type LanguageMethods, type Method, type Response } from "../protocol/language.ts";
import { encodeFrame, FrameDecoder } from "../protocol/pipe.ts";

/** Declarations without a cell are numbered far above cells. */
const FIRST_DECLARATION = 1e9;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

type Cell = LanguageMethods["prepare"][0];

/** glibc keeps an arena of freed memory for each of V8's threads, which grows for thousands of cells; one will do. */
const ENV = { MALLOC_ARENA_MAX: "1", ...process.env };

/**
 * Calls into the language process. Should it die, open calls fail; the next one starts it afresh and tells it the
 * cells that have been run.
 */
export class LanguageClient {
  readonly #command: readonly string[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #cells = new Map<number, Cell>();
  #child: ChildProcess | undefined;
  #nextId = 1;
  #declared = 0;

  /** @param command arguments of Node that start the language process */
  constructor(command: readonly string[]) {
    this.#command = command;
    this.#child = this.#start();
  }

  call<M extends Method>(method: M, argument: LanguageMethods[M][0]): Promise<LanguageMethods[M][1]> {
    if (!this.#child) this.#restart();
    if (method === "prepare") this.#cells.set((argument as Cell).cell, argument as Cell);
    if (method === "reset") this.#cells.clear();
    return this.#send(method, argument);
  }

  /** Makes a name known to later cells that no cell has declared. */
  async declare(name: string): Promise<void> {
    const cell = FIRST_DECLARATION + this.#declared++;
    await this.call("prepare", { cell, label: "debugger", code: `let ${name}: any;` });
    await this.call("check", { cell, mode: "off" });
  }

  close(): void {
    this.#child?.kill("SIGKILL");
  }

  #send<M extends Method>(method: M, argument: LanguageMethods[M][0]): Promise<LanguageMethods[M][1]> {
    const id = this.#nextId++;
    this.#pipe(FD.requests).write(encodeFrame({ id, method, argument }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #start(): ChildProcess {
    const stdio = ["ignore", "ignore", "inherit", "pipe", "pipe"] as const;
    // Detached: an interrupt typed into the terminal is for cells.
    const child = spawn(process.execPath, this.#command, { stdio: [...stdio], detached: true, env: ENV });
    const lost = (why: string) => child === this.#child && this.#lost(new Error(`the language process ended: ${why}`));
    child.on("error", (error) => lost(error.message));
    child.on("exit", (code, signal) => lost(signal ?? `exit code ${code}`));
    const decoder = new FrameDecoder<Response>();
    const [requests, responses] = [FD.requests, FD.responses].map((fd) => (child.stdio as unknown as Duplex[])[fd]);
    requests.on("error", () => {});
    responses.on("data", (chunk: Buffer) => {
      for (const { message } of decoder.push(chunk)) this.#settle(message);
    });
    return child;
  }

  #restart(): void {
    this.#child = this.#start();
    for (const cell of this.#cells.values()) {
      const retold = this.#send("prepare", cell).then(() => this.#send("check", { cell: cell.cell, mode: "off" }));
      retold.catch(() => {});
    }
  }

  #pipe(fd: number): Duplex {
    const { stdio } = this.#child as ChildProcess;
    return (stdio as unknown as Duplex[])[fd];
  }

  #settle(response: Response): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("failure" in response) waiting?.reject(new Error(response.failure));
    else waiting?.resolve(response.result);
  }

  #lost(error: Error): void {
    this.#child = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
