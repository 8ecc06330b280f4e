/**
 * Chooses the TensorFlow.js backend. This folder is the only place that loads one: everything else takes its
 * operations and types from "@tensorflow/tfjs-core", which runs on whichever backend was opened here.
 */

import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { UserError } from "../../util/errors.ts";
import { MOST_THREADS } from "../../util/schema.ts";
import { loadNative, missingNative } from "./native.ts";
import type { Tfjs } from "./tfjs.ts";
import { loadWasm } from "./wasm.ts";

export const BACKEND_NAMES = ["native-gpu", "native", "wasm"] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

export interface BackendOptions {
  /** `auto` takes the first that loads of tfjs-node-gpu, the addon on the wheel's library, and wasm. */
  prefer?: BackendName | "auto";
  /** Threads of one operation; fixed once a native library is loaded. Default: every core. */
  threads?: number;
  /**
   * May factors of products be rounded to bfloat16 (sums stay in float32)? Processors with AMX or AVX512_BF16 multiply them 2
   * to 4 times as fast; on others nothing changes. Fixed once a native library is loaded. Default: float32.
   */
  products?: Products;
}

export const PRODUCTS = ["float32", "bfloat16"] as const;
export type Products = (typeof PRODUCTS)[number];

export interface Backend {
  tf: Tfjs;
  name: BackendName;
  /** What the operations run on: "CPU" or "NVIDIA GPU". */
  device: string;
  threads: number;
  /** What the choice costs against the fastest, in words. */
  cost: string;
}

const opened = new Map<BackendName, Promise<Backend>>();
let current: Promise<Backend> | undefined;

/**
 * Opens a backend, makes it current and says so once on stderr. Without an explicit choice an open backend is kept.
 * The environment variable WORLDCOMPASS_BACKEND overrides `prefer`.
 *
 * @throws UserError when an explicit choice is unknown or cannot be loaded
 * @example
 * ```ts
 * import { openBackend } from "worldcompass";
 * const { tf } = await openBackend();
 * console.log(tf.scalar(2).square().dataSync()[0]); // => 4
 * ```
 */
export async function openBackend({ prefer = "auto", threads, products }: BackendOptions = {}): Promise<Backend> {
  // Read by oneDNN, which TensorFlow multiplies with, when it is loaded.
  if (products) process.env.ONEDNN_DEFAULT_FPMATH_MODE = products === "bfloat16" ? "BF16" : "STRICT";
  const choice = parseChoice(process.env.WORLDCOMPASS_BACKEND || prefer);
  const count = checkThreads(threads);
  if (choice === "auto") current ??= openFirst(count);
  else current = openOnce(choice, count);
  const backend = await current;
  checkUnchanged(backend, threads);
  await backend.tf.setBackend(backend.name === "wasm" ? "wasm" : "tensorflow");
  return backend;
}

function parseChoice(choice: string): BackendName | "auto" {
  if (choice === "auto") return choice;
  const name = BACKEND_NAMES.find((known) => known === choice);
  if (name) return name;
  throw new UserError(`unknown backend "${choice}"`, `choose one of auto, ${BACKEND_NAMES.join(", ")}`);
}

function checkThreads(threads: number | undefined): number {
  const count = threads ?? Number(process.env.TF_NUM_INTRAOP_THREADS || Math.min(MOST_THREADS, availableParallelism()));
  if (Number.isInteger(count) && count > 0 && count <= MOST_THREADS) return count;
  throw new UserError(`${count} threads`, `give a whole number of threads, 1 to ${MOST_THREADS}`);
}

function checkUnchanged(backend: Backend, threads: number | undefined): void {
  if (threads === undefined || threads === backend.threads || backend.name === "wasm") return;
  const problem = `the ${backend.name} backend is already open with ${backend.threads} threads, not ${threads}`;
  throw new UserError(problem, "choose the number of threads where the backend is first opened");
}

/** The first backend that loads; wasm always does, so a failure there is a defect and is thrown. */
async function openFirst(threads: number): Promise<Backend> {
  for (const name of ["native-gpu", "native"] as const) {
    if (missingNative(name)) continue;
    try {
      return await openOnce(name, threads);
    } catch (error) {
      process.stderr.write(`backend ${name} does not load, trying the next: ${(error as Error).message}\n`);
    }
  }
  return openOnce("wasm", threads);
}

function openOnce(name: BackendName, threads: number): Promise<Backend> {
  const known = opened.get(name);
  if (known) return known;
  const backend = open(name, threads);
  opened.set(name, backend);
  backend.catch(() => opened.delete(name));
  return backend;
}

async function open(name: BackendName, threads: number): Promise<Backend> {
  const tf: Tfjs = createRequire(import.meta.url)("@tensorflow/tfjs");
  const { registered: _, ...facts } = name === "wasm" ? await loadWasm(tf) : await loadNative(tf, name, threads);
  const backend = { tf, name, ...facts };
  process.stderr.write(`backend: ${describeBackend(backend)}\n`);
  return backend;
}

/** One line for people: `native (CPU, 2 threads): full speed of this processor`. */
export const describeBackend = ({ name, device, threads, cost }: Omit<Backend, "tf">): string =>
  `${name} (${device}, ${threads} ${threads === 1 ? "thread" : "threads"}): ${cost}`;
