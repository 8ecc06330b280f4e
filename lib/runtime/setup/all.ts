/** Everything that `npm ci` cannot install. Each part is skipped, silently and at once, when it is there. */
import { fromSystem, UserError } from "../../util/errors.ts";
import { announce } from "./announce.ts";
import { ensureFfmpeg } from "./ffmpeg.ts";
import { ensureKernelspecs } from "./kernelspec.ts";
import { ensurePython } from "./python.ts";
import { ensureTensorflow } from "./tensorflow.ts";

/** Answers whether all of it is in place; what is missing has been announced with its mend. */
export async function ensureAll(): Promise<boolean> {
  // Side by side: for long the one waits for the network and the other for the processor.
  const [notebooks, tensorflow] = await Promise.all([ensureNotebooks(), ensureTensorflow()]);
  // Last: the environment brings an ffmpeg.
  return (await ensureFfmpeg()) && tensorflow !== "none" && notebooks;
}

/** The Python environment with the kernels: needed to run notebooks, not for the library. */
export async function ensureNotebooks(): Promise<boolean> {
  try {
    await ensurePython();
    await ensureKernelspecs();
    return true;
  } catch (thrown) {
    const error = fromSystem(thrown);
    if (!(error instanceof UserError)) throw error;
    announce(`no Jupyter, notebooks cannot run: ${error.problem}; ${error.mend}`);
    return false;
  }
}
