/** Videos of any format, size and rate as RGB frames, by ffmpeg. */
import { existsSync } from "node:fs";
import { findFfmpeg } from "../../runtime/setup/find-ffmpeg.ts";
import { UserError } from "../../util/errors.ts";
import { feed } from "../../util/feed.ts";
import type { Video } from "./video.ts";

/** A video as it was made, and as it was read. */
export interface DecodedVideo extends Video {
  /** Size of the pictures in the file. */
  readonly source: { readonly width: number; readonly height: number };
}

export interface DecodeOptions {
  /** Size to bring pictures to: cut at the sides, or above and below, to its shape, then scaled. Default: as they are. */
  readonly size?: { readonly width: number; readonly height: number };
  /** A part: the first frame at or after a second, and so many in all; every frame once, whatever its time. */
  readonly range?: { readonly from: number; readonly frames: number };
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
  const { range, size } = options;
  const seek = range && range.from > 0 ? ["-ss", range.from.toFixed(6)] : [];
  const part = range ? ["-fps_mode", "passthrough", "-frames:v", String(range.frames)] : [];
  const input = ["-hide_banner", "-nostdin", "-xerror", ...seek, "-i", path, "-map", "0:v:0"];
  const scale = size ? ["-vf", fitted(size)] : [];
  const { code, out: frames, words } = await feed(ffmpeg.path, [...input, ...part, ...scale, ...RAW]);
  if (code !== 0) throw new UserError(`${path} cannot be read as a video: ${lastLine(words)}`, MEND);
  const streams = [...words.matchAll(/Video: [^\n]*?, (\d+)x(\d+)[^\n]*?, ([\d.]+k?) fps/g)];
  const [source, made] = [streams[0], streams.at(-1)];
  if (!source || !made || frames.length === 0) throw new UserError(`${path} has no pictures`, MEND);
  const [width, height] = [Number(made[1]), Number(made[2])];
  if (frames.length % (3 * width * height) !== 0) throw new UserError(`${path} ends within a picture`, MEND);
  const fps = Number(made[3].replace("k", "e3"));
  return {
    frames: new Uint8Array(frames),
    width,
    height,
    fps,
    source: { width: Number(source[1]), height: Number(source[2]) },
  };
}

const RAW = ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"];

/**
 * Pictures in files (PNG, JPEG), brought to a size like a video's.
 * @param what they are, in messages
 * @returns [n, height, width, 3] bytes
 */
export async function decodePictures(
  files: readonly Uint8Array[],
  size: { readonly width: number; readonly height: number },
  what: string,
): Promise<Uint8Array> {
  const ffmpeg = await findFfmpeg();
  if (!ffmpeg) throw new UserError("no ffmpeg was found to read pictures", "run `npm run setup`, or install ffmpeg");
  const input = ["-hide_banner", "-xerror", "-f", "image2pipe", "-i", "pipe:0", "-fps_mode", "passthrough"];
  const { code, out, words } = await feed(ffmpeg.path, [...input, "-vf", fitted(size), ...RAW], Buffer.concat(files));
  if (code === 0) return new Uint8Array(out);
  throw new UserError(`${what} cannot be read: ${lastLine(words)}`, "give PNG or JPEG pictures");
}

/** The middle of the picture, in the shape asked for, scaled by areas: what was enlarged by whole pixels comes back exactly. */
function fitted({ width, height }: { width: number; height: number }): string {
  const crop = `crop='min(iw,round(ih*${width}/${height}))':'min(ih,round(iw*${height}/${width}))'`;
  return `${crop},scale=${width}:${height}:flags=area+accurate_rnd+full_chroma_int`;
}

const lastLine = (words: string): string => words.split("\n").at(-1)?.trim() || "ffmpeg says nothing";

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
