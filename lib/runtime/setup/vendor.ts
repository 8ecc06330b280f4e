/**
 * tfjs-node-gpu's own download (a prebuilt addon and libtensorflow 2.9.1 for CUDA 11.2), run in a copy of the package
 * under `.cache`, where `npm ci` does not remove it; NODE_PATH leads it to its dependencies.
 */
import { cp, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { announced } from "./announce.ts";
import { answers } from "./network.ts";
import { packageFolder, ROOT } from "./paths.ts";
import { runProgram } from "./run-program.ts";
import { VENDOR_FOLDER, VENDOR_PACKAGE } from "./tensorflow-paths.ts";

const VENDOR_HOST = "https://storage.googleapis.com/";
const DOWNLOAD_SECONDS = 900;

/** Whether an NVIDIA driver lists a GPU. */
export async function hasNvidiaGpu(): Promise<boolean> {
  const { ok, output } = await runProgram("nvidia-smi", ["-L"], { seconds: 15 });
  return ok && output.includes("GPU");
}

/** Whether the vendor's download host, or the mirror that TFJS_NODE_CDN_STORAGE names, answers. */
export const vendorAnswers = (): Promise<boolean> => answers(process.env.TFJS_NODE_CDN_STORAGE || VENDOR_HOST);

/** @throws UserError when the script fails or leaves no addon */
export async function provisionVendor(): Promise<void> {
  const source = packageFolder(VENDOR_PACKAGE);
  if (!source) throw new UserError(`${VENDOR_PACKAGE} is not installed`, "run `npm ci` again");
  await rm(VENDOR_FOLDER, { recursive: true, force: true });
  await cp(source, VENDOR_FOLDER, { recursive: true });
  const modules = join(ROOT, "node_modules");
  const env = { PATH: `${join(modules, ".bin")}${delimiter}${process.env.PATH}`, NODE_PATH: modules };
  await announced("TensorFlow 2.9.1 and addon from the vendor (about 450 MB)", async () => {
    const options = { seconds: DOWNLOAD_SECONDS, cwd: VENDOR_FOLDER, env };
    const { ok, reason } = await runProgram(process.execPath, ["scripts/install.js", "gpu", "download"], options);
    if (ok) return;
    await rm(VENDOR_FOLDER, { recursive: true, force: true });
    throw new UserError(`tfjs-node-gpu's download: ${reason}`, "check the network, then run `npm run setup`");
  });
}
