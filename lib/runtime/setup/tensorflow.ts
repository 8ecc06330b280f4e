/** Provisions a native TensorFlow library, or says why WebAssembly has to do. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fromSystem, UserError } from "../../util/errors.ts";
import { announce } from "./announce.ts";
import { ROOT } from "./paths.ts";
import { runProgram } from "./run-program.ts";
import { VENDOR_FOLDER, vendorAddon, WHEEL_FOLDER, wheelAddon } from "./tensorflow-paths.ts";
import { hasNvidiaGpu, provisionVendor, vendorAnswers } from "./vendor.ts";
import { provisionWheel, wheelObstacle } from "./wheel.ts";

export type TensorflowSource = "vendor" | "wheel" | "none";

/** A way to a native library: what provisions it, and where it ends up. */
interface Road {
  provision: () => Promise<void>;
  addon: () => string | undefined;
  folder: string;
}

const WHEEL: Road = { provision: provisionWheel, addon: wheelAddon, folder: WHEEL_FOLDER };
const VENDOR: Road = { provision: provisionVendor, addon: vendorAddon, folder: VENDOR_FOLDER };

const MULTIPLY = join(ROOT, "lib", "runtime", "setup", "native", "multiply.cjs");
const PROOF_SECONDS = 180;
const NO_GPU = "it does not see the NVIDIA GPU; it needs CUDA 11.2 and cuDNN 8.1 on the library path";

/** What is wrong with an addon, undefined where it loads and multiplies, on a GPU if that is asked for. */
export async function addonFault(addon: string, { gpu = false } = {}): Promise<string | undefined> {
  const env = { TF_CPP_MIN_LOG_LEVEL: "3" };
  const { ok, output, reason } = await runProgram(process.execPath, [MULTIPLY, addon], { seconds: PROOF_SECONDS, env });
  if (!ok) return reason;
  return gpu && !/^gpu$/m.test(output) ? NO_GPU : undefined;
}

/**
 * Makes a native library available: what is there already; the vendor's download where it can use an NVIDIA GPU;
 * the pip wheel, which is twelve releases newer and so the better one for a processor; the vendor's download where no
 * wheel can be used. What is there already is tried, and a broken addon thrown away. Never throws for what a machine
 * lacks: WebAssembly remains.
 */
export async function ensureTensorflow(): Promise<TensorflowSource> {
  if (process.env.WORLDCOMPASS_BACKEND === "wasm") return "none";
  if (await works(VENDOR)) return "vendor";
  if (await works(WHEEL)) return "wheel";
  const gpu = await hasNvidiaGpu();
  if (gpu && (await vendorAnswers()) && (await attempt(VENDOR, { gpu }))) return "vendor";
  if (await provideWheel()) return "wheel";
  if (!gpu && (await vendorAnswers()) && (await attempt(VENDOR))) return "vendor";
  announce("no native TensorFlow: WebAssembly will do the work, about 3 to 4 times slower");
  return "none";
}

/** From nothing, where it cannot be done with a library that is there: that may be damaged. */
async function provideWheel(): Promise<boolean> {
  const before = existsSync(WHEEL.folder);
  if (await attempt(WHEEL)) return true;
  if (!before || (await wheelObstacle())) return false;
  await rm(WHEEL.folder, { recursive: true, force: true });
  return attempt(WHEEL);
}

async function works({ addon }: Road): Promise<boolean> {
  const file = addon();
  if (file === undefined) return false;
  const fault = await addonFault(file);
  if (fault === undefined) return true;
  announce(`the addon ${file} does not work (${fault}): it is made again`);
  await rm(file, { force: true });
  return false;
}

/** Provisions a library and proves it. */
async function attempt({ provision, addon, folder }: Road, { gpu = false } = {}): Promise<boolean> {
  try {
    await provision();
    const file = addon();
    const fault = file === undefined ? "it was not made" : await addonFault(file, { gpu });
    if (fault === undefined) return true;
    await rm(folder, { recursive: true, force: true });
    throw new UserError(`the addon in ${folder} is not kept: ${fault}`, "see `npm run doctor`");
  } catch (thrown) {
    const error = fromSystem(thrown);
    if (!(error instanceof UserError)) throw error;
    announce(`${error.problem}; ${error.mend}`);
    return false;
  }
}
