import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { meaningfulKeys } from "../transform/meaningful.ts";
import type { PreparedModule } from "../transform/module.ts";
import { ModuleCache } from "./cache.ts";
import type { CompileAnswer, CompileRequest, ConfigRequest } from "./compile.ts";
import type { Config } from "./tsconfig.ts";

/** TypeScript takes a fifth of a second to load and a hundred megabytes: it goes when nothing was compiled for a while. */
const IDLE_MS = 5000;
/** Above any file's time; when the thread cannot be started at all, waiting must end. */
const PATIENCE_MS = 60_000;

/** Compiles files at once, without letting anything else happen: `require` cannot wait for a promise. */
export class Compiler {
  readonly #file: string;
  readonly #cache: ModuleCache;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  #thread: { worker: Worker; port: MessagePort } | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(file: string, cache: string) {
    this.#file = file;
    this.#cache = new ModuleCache(cache);
  }

  /** @throws SyntaxError that names file, line and column */
  prepare(request: CompileRequest): { hash: string; module: PreparedModule } {
    const options = meaningfulKeys(request.options);
    const hash = ModuleCache.hash(`${request.path}\n${JSON.stringify(options)}\n${request.text}`);
    const known = this.#cache.read(hash);
    if (known) return { hash, module: known };
    const answer = this.#ask({ ...request, options }, request.path);
    if ("problem" in answer) throw new SyntaxError(answer.problem);
    const { module } = answer as { module: PreparedModule };
    this.#cache.write(hash, module);
    return { hash, module };
  }

  /** Options of a tsconfig.json that has mistakes, as far as TypeScript understands it. */
  readonly config = (path: string): Config => (this.#ask({ tsconfig: path }, path) as { config: Config }).config;

  #ask(request: CompileRequest | ConfigRequest, path: string): CompileAnswer {
    this.#thread ??= this.#start();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#stop(), IDLE_MS).unref();
    const { port } = this.#thread;
    Atomics.store(this.#signal, 0, 0);
    port.postMessage(request);
    Atomics.wait(this.#signal, 0, 0, PATIENCE_MS);
    const received = receiveMessageOnPort(port) as { message: CompileAnswer } | undefined;
    if (!received) throw new Error(`${path} could not be compiled: the compiler's thread does not answer`);
    return received.message;
  }

  #start(): { worker: Worker; port: MessagePort } {
    const { port1, port2 } = new MessageChannel();
    const workerData = { port: port2, signal: this.#signal };
    const worker = new Worker(this.#file, { workerData, transferList: [port2], execArgv: [] });
    worker.unref();
    port1.unref();
    return { worker, port: port1 };
  }

  #stop(): void {
    void this.#thread?.worker.terminate();
    this.#thread = undefined;
  }
}
