/** H.264 video in an MP4 file that browsers play inline: yuv420p, BT.709, index first (fast start). */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ffmpeg, findFfmpeg } from "../../runtime/setup/find-ffmpeg.ts";
import { UserError } from "../../util/errors.ts";
import { feed } from "../../util/feed.ts";
import { toEvenSize } from "./even-size.ts";
import { frameCount, type Video } from "./video.ts";
import { encodeWithWasm } from "./wasm-encoder.ts";

export { findFfmpeg } from "../../runtime/setup/find-ffmpeg.ts";

export interface Mp4Options {
  width: number;
  height: number;
  fps: number;
  /** Constant rate factor of x264, 0 (lossless) to 51; the WebAssembly encoder takes it as its quantiser. */
  quality?: number;
  /** `auto` takes ffmpeg where there is one, else the WebAssembly encoder: baseline profile, larger files. */
  encoder?: "auto" | "ffmpeg" | "wasm";
}

const DEFAULT_QUALITY = 21;

/**
 * Encodes RGB frames.
 *
 * @param frames [F, height, width, 3], one byte a channel; an odd width or height is extended by one edge pixel
 * @returns the bytes of the MP4 file
 * @throws UserError when the bytes are not whole frames, or no encoder is to be had
 */
export async function encodeMp4(frames: Uint8Array, options: Mp4Options): Promise<Buffer> {
  const { width, height, fps, quality = DEFAULT_QUALITY, encoder = "auto" } = options;
  checkOptions(fps, quality);
  frameCount({ frames, width, height, fps });
  const video = toEvenSize({ frames, width, height, fps });
  const ffmpeg = encoder === "wasm" ? undefined : await findFfmpeg();
  if (ffmpeg) return encodeWithFfmpeg(ffmpeg, video, quality);
  if (encoder !== "ffmpeg") return encodeWithWasm(video, quality);
  throw new UserError("no ffmpeg with libx264 was found", "run `npm run setup`, install ffmpeg, or set FFMPEG_BIN");
}

function checkOptions(fps: number, quality: number): void {
  if (!(fps > 0 && Number.isFinite(fps))) throw new UserError(`${fps} frames a second`, "give a positive frame rate");
  if (!(quality >= 0 && quality <= 51)) throw new UserError(`video quality ${quality}`, "give 0 (best) to 51");
}

/** One thread and no metadata, so that equal frames give equal bytes on every machine with the same ffmpeg. */
async function encodeWithFfmpeg({ path }: Ffmpeg, video: Video, quality: number): Promise<Buffer> {
  const { width, height, fps, frames } = video;
  // The index can be put first only in a file that can be rewound, so the output is no pipe.
  const folder = await mkdtemp(join(tmpdir(), "worldcompass-"));
  const file = join(folder, "video.mp4");
  const input = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${width}x${height}`, "-r", String(fps), "-i", "pipe:0"];
  const colour = ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"];
  const tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];
  const codec = ["-c:v", "libx264", "-preset", "slow", "-crf", String(quality), "-threads", "1"];
  const container = ["-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"];
  try {
    const args = ["-v", "error", "-y", ...input, ...colour, ...tags, ...codec, ...container, file];
    const { code, words } = await feed(path, args, frames);
    if (code === 0) return await readFile(file);
    throw new UserError(`ffmpeg failed (exit ${code}): ${words}`, `check ${path}, or set FFMPEG_BIN to another`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
