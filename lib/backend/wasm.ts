/** The WebAssembly backend, completed: XNNPACK matrix products for every layout, and CPU kernels where it has none. */
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import type { Loaded, Tfjs } from "./backend.ts";
import { bridgeMissingKernels } from "./cpu-bridge.ts";
import { patchMatMul } from "./wasm-matmul.ts";

const REGISTERED = "wasm";
const require = createRequire(import.meta.url);

/** Loads the backend on one thread: the package offers its threaded build to browsers only. */
export async function loadWasm(tf: Tfjs): Promise<Loaded> {
  const entry = require.resolve("@tensorflow/tfjs-backend-wasm");
  require(entry).setWasmPaths(dirname(entry) + sep);
  patchMatMul(tf);
  bridgeMissingKernels(tf, REGISTERED);
  await withoutProcessListeners(() => tf.setBackend(REGISTERED));
  const cost = "about 7 times slower than the native library in training, 5 in sampling";
  return { registered: REGISTERED, device: "CPU, WebAssembly", threads: 1, cost };
}

/** The module's loader installs handlers that end the process at any unhandled rejection; that is not its business. */
async function withoutProcessListeners(load: () => Promise<unknown>): Promise<void> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = new Map(events.map((event) => [event, process.listeners(event as "uncaughtException")]));
  await load();
  for (const event of events) {
    const added = process.listeners(event as "uncaughtException").filter((one) => !before.get(event)?.includes(one));
    for (const listener of added) process.removeListener(event, listener);
  }
}
