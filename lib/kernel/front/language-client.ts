import type { LanguageMethods, Method, Response } from "../protocol/language.ts";
import type { Framed } from "../protocol/pipe.ts";
import { LanguageProcess } from "./language-process.ts";

/** After this long without a call the process, half of the kernel's memory, ends until the next one. */
const IDLE_MS = Number(process.env.TYPEBOOK_CHECKER_IDLE ?? 60_000);

/** Declarations without a cell are numbered far above cells. */
const FIRST_DECLARATION = 1e9;

interface Call {
  method: Method;
  argument: LanguageMethods[Method][0];
  /** The cell that waits for it. */
  cell: number | undefined;
  /** Part of starting a process, which has to come to an end before anything else can. */
  isStart: boolean;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

type Cell = LanguageMethods["prepare"][0];

/** The language process was ended, or a call withdrawn, before it had answered. */
export class LanguageEnded extends Error {
  override readonly name = "LanguageEnded";
}

/**
 * Calls into the language process, which gets one after the other. Should it die, open calls fail; the next one starts
 * it afresh and tells it the cells that have been run. So does the first call after a while without any, during which
 * there is no process.
 */
export class LanguageClient {
  /** How to start it: the first way that works. */
  #commands: readonly (readonly string[])[];
  /** Open calls; the first one is with the process. */
  readonly #calls: Call[] = [];
  readonly #cells = new Map<number, Cell>();
  #process: LanguageProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #sent = 0;
  #declared = 0;

  /** @param commands arguments of Node that start the language process, the best way first */
  constructor(commands: readonly (readonly string[])[]) {
    this.#commands = commands;
    this.#start();
  }

  /** @param cell the cell that waits for the answer, if one does */
  call<M extends Method>(method: M, argument: LanguageMethods[M][0], cell?: number): Promise<LanguageMethods[M][1]> {
    if (!this.#process) this.#start();
    if (method === "prepare") this.#cells.set((argument as Cell).cell, argument as Cell);
    if (method === "reset") this.#cells.clear();
    return this.#enqueue(method, argument, { cell, isStart: false });
  }

  /** Makes a name known to later cells that no cell has declared. */
  async declare(name: string): Promise<void> {
    const cell = FIRST_DECLARATION + this.#declared++;
    await this.call("prepare", { cell, label: "debugger", code: `let ${name}: any;` });
    await this.call("check", { cell, mode: "off" });
  }

  /** A cell that did not run: later ones do not know its names. */
  forget(cell: number): void {
    if (!this.#cells.delete(cell) || !this.#process) return;
    this.#enqueue("forget", { cell }, { cell: undefined, isStart: false }).catch(() => {});
  }

  /**
   * A cell waits no longer: its calls fail. What the process is busy with may never come to an end, so it is started
   * afresh, unless it is starting: that ends, and would only begin again.
   */
  withdraw(cell: number): void {
    const isStarting = this.#calls[0]?.isStart;
    if (!isStarting) {
      this.#process?.kill();
      this.#lost("interrupted");
      this.#start();
      return;
    }
    const withdrawn = this.#calls.filter((call) => call.cell === cell);
    for (const call of withdrawn) {
      this.#calls.splice(this.#calls.indexOf(call), 1);
      call.reject(new LanguageEnded("interrupted"));
    }
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#process?.kill();
    this.#process = undefined;
  }

  #start(): void {
    this.#process = this.#spawn();
    // Answered as soon as the process is there.
    this.#tell("isComplete", { code: "" });
    for (const cell of this.#cells.values()) {
      this.#tell("prepare", cell);
      this.#tell("check", { cell: cell.cell, mode: "off" });
    }
  }

  #tell<M extends Method>(method: M, argument: LanguageMethods[M][0]): void {
    this.#enqueue(method, argument, { cell: undefined, isStart: true }).catch(() => {});
  }

  #enqueue<M extends Method>(
    method: M,
    argument: LanguageMethods[M][0],
    { cell, isStart }: Pick<Call, "cell" | "isStart">,
  ): Promise<LanguageMethods[M][1]> {
    return new Promise((resolve, reject) => {
      this.#calls.push({ method, argument, cell, isStart, resolve: resolve as (value: unknown) => void, reject });
      if (this.#calls.length === 1) this.#send();
    });
  }

  #send(): void {
    const next = this.#calls[0];
    if (next) this.#process?.send({ id: ++this.#sent, method: next.method, argument: next.argument });
    else this.#restWhenIdle();
  }

  #spawn(): LanguageProcess {
    const started: LanguageProcess = new LanguageProcess(this.#commands[0], {
      response: ({ message }: Framed<Response>) => {
        if (started === this.#process) this.#settle(message);
      },
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
    this.#process = this.#spawn();
    this.#send();
  }

  #settle(response: Response): void {
    const call = this.#calls.shift();
    this.#send();
    if ("failure" in response) call?.reject(new Error(response.failure));
    else call?.resolve(response.result);
  }

  #restWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#calls.length > 0) return;
      this.#process?.kill();
      this.#process = undefined;
    }, IDLE_MS);
  }

  #lost(why: string): void {
    this.#process = undefined;
    for (const { reject } of this.#calls.splice(0)) reject(new LanguageEnded(`the language process ended: ${why}`));
  }
}
