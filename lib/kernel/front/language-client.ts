import { Worker } from "node:worker_threads";
import type { LanguageMethods, Method, Response } from "../protocol/language.ts";

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A small young generation: the checker's garbage would otherwise grow the process by a hundred megabytes. */
const LIMITS = { maxYoungGenerationSizeMb: 24 };

/** Calls into the language worker. Should the thread die, open calls fail and the next one starts it afresh. */
export class LanguageClient {
  readonly #file: string;
  readonly #data: { folder: string; root: string };
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;

  constructor(file: string, data: { folder: string; root: string }) {
    this.#file = file;
    this.#data = data;
    this.#worker = this.#start();
  }

  call<M extends Method>(method: M, argument: LanguageMethods[M][0]): Promise<LanguageMethods[M][1]> {
    this.#worker ??= this.#start();
    const id = this.#nextId++;
    this.#worker.postMessage({ id, method, argument });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#data, execArgv: [], resourceLimits: LIMITS });
    worker.on("message", (response: Response) => this.#settle(response));
    worker.on("error", (error: Error) => this.#lost(error));
    worker.on("exit", (code) => this.#lost(new Error(`the language worker ended with code ${code}`)));
    return worker;
  }

  #settle(response: Response): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("failure" in response) waiting?.reject(new Error(response.failure));
    else waiting?.resolve(response.result);
  }

  #lost(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
