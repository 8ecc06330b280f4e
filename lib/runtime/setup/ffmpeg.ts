/** Provisions an ffmpeg on a machine that has none. */
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { announce, announced } from "./announce.ts";
import { findFfmpeg } from "./find-ffmpeg.ts";
import { answers } from "./network.ts";
import { FFMPEG_CACHE, packageFolder } from "./paths.ts";
import { runProgram } from "./run-program.ts";

const VENDOR_HOST = "https://github.com/";
const DOWNLOAD_SECONDS = 300;

/**
 * Answers whether there is an ffmpeg; where none is found, ffmpeg-static's own download is tried, into `.cache`.
 * Never throws for what a machine lacks: the WebAssembly encoder remains.
 */
export async function ensureFfmpeg(): Promise<boolean> {
  try {
    if (await findFfmpeg()) return true;
    if (await answers(VENDOR_HOST)) await announced("ffmpeg from ffmpeg-static's vendor (about 30 MB)", download);
    if (await findFfmpeg()) return true;
    announce("no ffmpeg: videos are encoded in WebAssembly, larger; install ffmpeg, or set FFMPEG_BIN");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    announce(`${error.problem}; ${error.mend}`);
  }
  return false;
}

/** The script downloads to where FFMPEG_BIN points. */
async function download(): Promise<void> {
  await mkdir(dirname(FFMPEG_CACHE), { recursive: true });
  const script = join(packageFolder("ffmpeg-static") as string, "install.js");
  const options = { seconds: DOWNLOAD_SECONDS, env: { FFMPEG_BIN: FFMPEG_CACHE } };
  const { ok, reason } = await runProgram(process.execPath, [script], options);
  if (ok) return;
  await rm(FFMPEG_CACHE, { force: true });
  throw new UserError(`ffmpeg-static's download: ${reason}`, "install ffmpeg, or set FFMPEG_BIN");
}
