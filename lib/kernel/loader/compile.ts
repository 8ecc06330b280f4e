import { type MessagePort, workerData } from "node:worker_threads";
import { type PreparedModule, prepareModule } from "../transform/module.ts";

export interface CompileRequest {
  path: string;
  text: string;
  /** `compilerOptions` of the file's tsconfig.json. */
  options: Record<string, unknown>;
}

export type CompileAnswer = { module: PreparedModule } | { problem: string };

/** The compiler's thread: it answers while the main thread waits, and takes its memory along when it ends. */
const { port, signal } = workerData as { port: MessagePort; signal: Int32Array };

function compile({ path, text, options }: CompileRequest): CompileAnswer {
  try {
    return { module: prepareModule(path, text, options) };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
}

port.on("message", (request: CompileRequest) => {
  port.postMessage(compile(request));
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
