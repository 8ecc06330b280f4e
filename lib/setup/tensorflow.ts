/** Provisions a native TensorFlow library, or says why WebAssembly has to do. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { UserError } from "../util/errors.ts";
import { announce } from "./announce.ts";
import { runCommand } from "./run-command.ts";
import { VENDOR_FOLDER, vendorAddon, WHEEL_FOLDER, wheelAddon } from "./tensorflow-paths.ts";
import { hasNvidiaGpu, provisionVendor, vendorAnswers } from "./vendor.ts";
import { provisionWheel } from "./wheel.ts";

export type TensorflowSource = "vendor" | "wheel" | "none";

/**
 * Makes a native library available: what is there already, then the vendor's download where there is a GPU or the
 * vendor's host answers, then the pip wheel. Never throws for what a machine lacks: WebAssembly remains.
 */
export async function ensureTensorflow(): Promise<TensorflowSource> {
  if (process.env.WORLDCOMPASS_BACKEND === "wasm") return "none";
  if (vendorAddon()) return "vendor";
  if (wheelAddon()) return "wheel";
  if ((await hasNvidiaGpu()) || (await vendorAnswers())) {
    if (await attempt(provisionVendor, vendorAddon, VENDOR_FOLDER)) return "vendor";
  }
  if (await attempt(provisionWheel, wheelAddon, WHEEL_FOLDER)) return "wheel";
  announce("no native TensorFlow: WebAssembly will do the work, about 5 to 7 times slower");
  return "none";
}

/** Provisions and proves in another process that the addon loads; a library made for another processor would crash. */
async function attempt(
  provision: () => Promise<void>,
  addon: () => string | undefined,
  folder: string,
): Promise<boolean> {
  try {
    await provision();
    const file = addon();
    if (!file || !existsSync(file)) throw new UserError("no addon was left behind", "run `npm run setup` again");
    const { ok, reason } = await runCommand(process.execPath, ["-e", `require(${JSON.stringify(file)})`], {
      seconds: 60,
    });
    if (ok) return true;
    await rm(folder, { recursive: true, force: true });
    throw new UserError(`the addon does not load: ${reason}`, "report it with the output of `npm run doctor`");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    announce(`${error.problem}; ${error.mend}`);
    return false;
  }
}
