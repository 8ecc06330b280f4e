import type { LanguageMethods, Method, Response } from "../protocol/language.ts";
import type { Framed } from "../protocol/pipe.ts";
import { LanguageProcess } from "./language-process.ts";

/** After this long without a call the process, half of the kernel's memory, ends until the next one. */
const IDLE_MS = Number(process.env.TYPEBOOK_CHECKER_IDLE ?? 60_000);

/** Declarations without a cell are numbered far above cells. */
const FIRST_DECLARATION = 1e9;

interface Waiting {
  request: object;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

type Cell = LanguageMethods["prepare"][0];

/** The language process was ended, by itself or by us, before it had answered. */
export class LanguageEnded extends Error {
  override readonly name = "LanguageEnded";
}

/**
 * Calls into the language process. Should it die, open calls fail; the next one starts it afresh and tells it the
 * cells that have been run. So does the first call after a while without any, during which there is no process.
 */
export class LanguageClient {
  /** How to start it: the first way that works. */
  #commands: readonly (readonly string[])[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #cells = new Map<number, Cell>();
  #process: LanguageProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;
  #declared = 0;

  /** @param commands arguments of Node that start the language process, the best way first */
  constructor(commands: readonly (readonly string[])[]) {
    this.#commands = commands;
    this.#process = this.#start();
  }

  call<M extends Method>(method: M, argument: LanguageMethods[M][0]): Promise<LanguageMethods[M][1]> {
    if (!this.#process) this.#restart();
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

  /** A cell that did not run: a new language process is not told of it. */
  forget(cell: number): void {
    this.#cells.delete(cell);
  }

  /** Ends whatever the language process is busy with, and starts it afresh at once. Open calls fail. */
  interrupt(): void {
    if (this.#waiting.size === 0) return;
    this.#process?.kill();
    this.#lost("interrupted");
    this.#restart();
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#process?.kill();
    this.#process = undefined;
  }

  #send<M extends Method>(method: M, argument: LanguageMethods[M][0]): Promise<LanguageMethods[M][1]> {
    const id = this.#nextId++;
    const request = { id, method, argument };
    this.#process?.send(request);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { request, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #start(): LanguageProcess {
    const started: LanguageProcess = new LanguageProcess(this.#commands[0], {
      response: ({ message }: Framed<Response>) => this.#settle(message),
      ended: (why) => {
        if (started === this.#process) this.#ended(started, why);
      },
    });
    return started;
  }

  /** One that ends before its first answer may not like the way in which it was started: the next way is tried. */
  #ended(process: LanguageProcess, why: string): void {
    if (process.hasAnswered || this.#commands.length === 1) {
      this.#lost(why);
      return;
    }
    this.#commands = this.#commands.slice(1);
    this.#process = this.#start();
    for (const { request } of this.#waiting.values()) this.#process.send(request);
  }

  #restart(): void {
    this.#process = this.#start();
    for (const cell of this.#cells.values()) {
      const retold = this.#send("prepare", cell).then(() => this.#send("check", { cell: cell.cell, mode: "off" }));
      retold.catch(() => {});
    }
  }

  #settle(response: Response): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if (this.#waiting.size === 0) this.#restWhenIdle();
    if ("failure" in response) waiting?.reject(new Error(response.failure));
    else waiting?.resolve(response.result);
  }

  #restWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#waiting.size > 0) return;
      this.#process?.kill();
      this.#process = undefined;
    }, IDLE_MS);
  }

  #lost(why: string): void {
    this.#process = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new LanguageEnded(`the language process ended: ${why}`));
  }
}
