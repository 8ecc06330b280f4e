/** Provisions a native TensorFlow library, or says why WebAssembly has to do. */
import { rm } from "node:fs/promises";
import { UserError } from "../../util/errors.ts";
import { announce } from "./announce.ts";
import { runCommand } from "./run-command.ts";
import { VENDOR_FOLDER, vendorAddon, WHEEL_FOLDER, wheelAddon } from "./tensorflow-paths.ts";
import { hasNvidiaGpu, provisionVendor, vendorAnswers } from "./vendor.ts";
import { provisionWheel } from "./wheel.ts";

export type TensorflowSource = "vendor" | "wheel" | "none";

/** A way to a native library: what provisions it, and where it ends up. */
interface Road {
  provision: () => Promise<void>;
  addon: () => string | undefined;
  folder: string;
}

/** What a library must do to be kept, as an expression over its `addon`. */
interface Proof {
  holds: string;
  otherwise: string;
}

const WHEEL: Road = { provision: provisionWheel, addon: wheelAddon, folder: WHEEL_FOLDER };
const VENDOR: Road = { provision: provisionVendor, addon: vendorAddon, folder: VENDOR_FOLDER };

const STARTS: Proof = { holds: "addon.TF_Version", otherwise: "its library does not start" };
const USES_GPU: Proof = {
  holds: "addon.isUsingGpuDevice()",
  otherwise: "it does not see the NVIDIA GPU; it needs CUDA 11.2 and cuDNN 8.1 on the library path",
};

/**
 * Makes a native library available: what is there already; the vendor's download where it can use an NVIDIA GPU;
 * the pip wheel, which is twelve releases newer and so the better one for a processor; the vendor's download where no
 * wheel can be used. Never throws for what a machine lacks: WebAssembly remains.
 */
export async function ensureTensorflow(): Promise<TensorflowSource> {
  if (process.env.WORLDCOMPASS_BACKEND === "wasm") return "none";
  if (vendorAddon()) return "vendor";
  if (wheelAddon()) return "wheel";
  const gpu = await hasNvidiaGpu();
  if (gpu && (await vendorAnswers()) && (await attempt(VENDOR, USES_GPU))) return "vendor";
  if (await attempt(WHEEL, STARTS)) return "wheel";
  if (!gpu && (await vendorAnswers()) && (await attempt(VENDOR, STARTS))) return "vendor";
  announce("no native TensorFlow: WebAssembly will do the work, about 3 to 4 times slower");
  return "none";
}

/** Provisions a library and proves it in another process, since one made for another processor would crash this one. */
async function attempt({ provision, addon, folder }: Road, { holds, otherwise }: Proof): Promise<boolean> {
  try {
    await provision();
    const script = `const addon = require(${JSON.stringify(addon() ?? folder)}); process.exit((${holds}) ? 0 : 1)`;
    if ((await runCommand(process.execPath, ["-e", script], { seconds: 60 })).ok) return true;
    await rm(folder, { recursive: true, force: true });
    throw new UserError(`the addon in ${folder} is not kept: ${otherwise}`, "see `npm run doctor`");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    announce(`${error.problem}; ${error.mend}`);
    return false;
  }
}
