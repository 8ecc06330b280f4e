import { type MessagePort, workerData } from "node:worker_threads";
import { type PreparedModule, prepareModule } from "../transform/module.ts";
import { ts } from "../transform/typescript.ts";
import type { Config } from "./tsconfig.ts";

export interface CompileRequest {
  path: string;
  text: string;
  /** `compilerOptions` of the file's tsconfig.json. */
  options: Record<string, unknown>;
}

export interface ConfigRequest {
  tsconfig: string;
}

export type CompileAnswer = { module: PreparedModule } | { config: Config } | { problem: string };

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

/** As `tsc --showConfig` writes it. */
const { convertToTSConfig } = ts as unknown as {
  convertToTSConfig: (parsed: object, path: string, host: object) => Config;
};

function readConfig(path: string): CompileAnswer {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const parsed = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  return { config: parsed ? convertToTSConfig(parsed, path, ts.sys) : {} };
}

port.on("message", (request: CompileRequest | ConfigRequest) => {
  port.postMessage("tsconfig" in request ? readConfig(request.tsconfig) : compile(request));
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
