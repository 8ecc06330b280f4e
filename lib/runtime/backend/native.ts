/**
 * The native backend: TensorFlow's C library through tfjs-node-gpu's addon. The addon is loaded from an explicit path
 * rather than by the package's own entry, so that the vendor's build and the build against the wheel can both be kept.
 */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { UserError } from "../../util/errors.ts";
import { packageFolder } from "../setup/paths.ts";
import { STDERR_GATE, VENDOR_PACKAGE, vendorAddon, wheelAddon } from "../setup/tensorflow-paths.ts";
import { restoreUtilPredicates } from "./node-polyfill.ts";
import type { Loaded, Tfjs } from "./tfjs.ts";

export type NativeName = "native-gpu" | "native";

interface Addon {
  isUsingGpuDevice(): boolean;
  TF_Version: string;
}

const REGISTERED = "tensorflow";
const PRIORITY = 3;
const require = createRequire(import.meta.url);
let loaded: { name: NativeName; facts: Loaded } | undefined;

const addonOf = { "native-gpu": vendorAddon, native: wheelAddon };

/** Why a native backend cannot be loaded, or undefined when its parts are there. */
export function missingNative(name: NativeName): string | undefined {
  if (!packageFolder(VENDOR_PACKAGE)) return `the npm package ${VENDOR_PACKAGE} is not installed`;
  if (addonOf[name]()) return undefined;
  return name === "native" ? "no addon is built against the TensorFlow wheel" : "the vendor's addon is not installed";
}

/**
 * Loads one native library and registers it with tfjs. A process can hold only one of the two.
 * @throws UserError when it is missing or the other one is loaded
 */
export async function loadNative(tf: Tfjs, name: NativeName, threads: number): Promise<Loaded> {
  if (loaded?.name === name) return loaded.facts;
  if (loaded) throw new UserError(`${loaded.name} is already loaded`, `open ${name} in a process of its own`);
  const reason = missingNative(name);
  if (reason) throw new UserError(`backend ${name}: ${reason}`, "run `npm run setup`, or choose another backend");
  setNativeEnvironment(threads);
  const addon = loadAddon(addonOf[name]() as string, name);
  register(tf, addon);
  loaded = { name, facts: factsOf(addon, threads) };
  return loaded.facts;
}

/** The library reads these once, when it starts. */
function setNativeEnvironment(threads: number): void {
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.OMP_NUM_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS ??= "1";
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
}

function loadAddon(file: string, name: NativeName): Addon {
  try {
    return quietly(() => require(file));
  } catch (error) {
    const problem = `backend ${name} does not load: ${(error as Error).message}`;
    throw new UserError(problem, "remove .cache/tensorflow and run `npm run setup`", { cause: error });
  }
}

/** Holds back what the library's initialisers print before they know the log level; failures are still thrown. */
function quietly<T>(load: () => T): T {
  if (!existsSync(STDERR_GATE)) return load();
  const gate: { close(): void; open(): void } = require(STDERR_GATE);
  gate.close();
  try {
    return load();
  } finally {
    gate.open();
  }
}

function register(tf: Tfjs, addon: Addon): void {
  restoreUtilPredicates();
  require(`${VENDOR_PACKAGE}/dist/register_all_kernels`);
  const { NodeJSKernelBackend } = require(`${VENDOR_PACKAGE}/dist/nodejs_kernel_backend`);
  tf.registerBackend(REGISTERED, () => new NodeJSKernelBackend(addon, VENDOR_PACKAGE), PRIORITY);
}

function factsOf(addon: Addon, threads: number): Loaded {
  const gpu = addon.isUsingGpuDevice();
  const cost = gpu ? "the fastest there is" : "full speed of this processor; no GPU is used";
  const device = `${gpu ? "NVIDIA GPU" : "CPU"}, TensorFlow ${addon.TF_Version}`;
  return { registered: REGISTERED, device, threads, cost };
}
