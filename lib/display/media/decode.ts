/** Videos of any format, size and rate as RGB frames, by ffmpeg. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { findFfmpeg } from "../../runtime/setup/find-ffmpeg.ts";
import { UserError } from "../../util/errors.ts";
import type { Video } from "./video.ts";

/** A video as it was made, and as it was read. */
export interface DecodedVideo extends Video {
  /** Size of the pictures in the file. */
  readonly source: { readonly width: number; readonly height: number };
}

export interface DecodeOptions {
  /** Size to bring pictures to: cut at the sides, or above and below, to its shape, then scaled. Default: as they are. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Seconds to leave out at the beginning, and how many to read. */
  readonly from?: number;
  readonly seconds?: number;
}

const MEND = "give a whole video, mp4 for example";

/**
 * Every frame of a video at the file's own rate.
 * @throws UserError where there is no ffmpeg, no file, or no whole video in it
 */
export async function decodeVideo(path: string, options: DecodeOptions = {}): Promise<DecodedVideo> {
  if (!existsSync(path)) throw new UserError(`there is no video ${path}`, "check its name");
  const ffmpeg = await findFfmpeg();
  if (!ffmpeg) throw new UserError("no ffmpeg was found to read videos", "run `npm run setup`, or install ffmpeg");
  const { from, seconds, size } = options;
  const range = [...(from ? ["-ss", String(from)] : []), ...(seconds ? ["-t", String(seconds)] : [])];
  const input = ["-hide_banner", "-nostdin", "-xerror", ...range, "-i", path, "-map", "0:v:0"];
  const filters = size ? ["-vf", fitted(size)] : [];
  const { frames, log } = await run(ffmpeg.path, [
    ...input,
    ...filters,
    "-f",
    "rawvideo",
    "-pix_fmt",
    "rgb24",
    "pipe:1",
  ]);
  if (!frames) throw new UserError(`${path} cannot be read as a video: ${lastWords(log)}`, MEND);
  const streams = [...log.matchAll(/Video: [^\n]*?, (\d+)x(\d+)[^\n]*?, ([\d.]+k?) fps/g)];
  const [source, made] = [streams[0], streams.at(-1)];
  if (!source || !made || frames.length === 0) throw new UserError(`${path} has no pictures`, MEND);
  const [width, height] = [Number(made[1]), Number(made[2])];
  if (frames.length % (3 * width * height) !== 0) throw new UserError(`${path} ends within a picture`, MEND);
  const fps = Number(made[3].replace("k", "e3"));
  return { frames, width, height, fps, source: { width: Number(source[1]), height: Number(source[2]) } };
}

/** The middle of the picture, in the shape asked for, scaled by areas: what was enlarged by whole pixels comes back exactly. */
function fitted({ width, height }: { width: number; height: number }): string {
  const crop = `crop='min(iw,round(ih*${width}/${height}))':'min(ih,round(iw*${height}/${width}))'`;
  return `${crop},scale=${width}:${height}:flags=area+accurate_rnd+full_chroma_int`;
}

const lastWords = (log: string): string => log.trim().split("\n").at(-1)?.trim() ?? "ffmpeg says nothing";

function run(path: string, args: string[]): Promise<{ frames?: Uint8Array; log: string }> {
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [out, log]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => log.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const words = Buffer.concat(log).toString();
      resolve(code === 0 ? { frames: new Uint8Array(Buffer.concat(out)), log: words } : { log: words });
    });
  });
}

/**
 * A video at another rate: at each moment the frame that is nearest. It begins with the same frame and lasts as long.
 * @param fps frames a second
 */
export function resampleVideo(video: Video, fps: number): Video {
  const size = 3 * video.width * video.height;
  const count = video.frames.length / size;
  // A rate read from a file is rounded, so that a last frame may lie a hair beyond the end.
  const length = Math.floor(((count - 1) * fps) / video.fps + 1e-3) + 1;
  const frames = new Uint8Array(length * size);
  for (let i = 0; i < length; i++) {
    const nearest = Math.min(count - 1, Math.round((i * video.fps) / fps));
    frames.set(video.frames.subarray(nearest * size, (nearest + 1) * size), i * size);
  }
  return { ...video, frames, fps };
}
