/** The WebAssembly backend, completed: XNNPACK matrix products for every layout, and CPU kernels where it has none. */
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { withoutProcessListeners } from "../../util/process-listeners.ts";
import { bridgeMissingKernels } from "./cpu-bridge.ts";
import type { Loaded, Tfjs } from "./tfjs.ts";
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
  const cost = "about 4 times slower than the native library in training, 3 in sampling";
  return { registered: REGISTERED, device: "CPU, WebAssembly", threads: 1, cost };
}
