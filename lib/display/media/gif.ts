/** Videos as animated GIF: what pages and trackers show that play no video. */
import { spawn } from "node:child_process";
import { findFfmpeg } from "../../runtime/setup/find-ffmpeg.ts";
import { UserError } from "../../util/errors.ts";
import { frameCount, type Video } from "./video.ts";

/** A palette of each video's own, no dithering, so that flat colours stay flat and files small. */
const PALETTE = "split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none";

/** @throws UserError where there is no ffmpeg */
export async function encodeGif(video: Video): Promise<Buffer> {
  frameCount(video);
  const ffmpeg = await findFfmpeg();
  if (!ffmpeg) throw new UserError("no ffmpeg was found to draw an animated picture", "run `npm run setup`");
  const { width, height, fps, frames } = video;
  const input = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${width}x${height}`, "-r", String(fps), "-i", "pipe:0"];
  const child = spawn(ffmpeg.path, [
    "-v",
    "error",
    ...input,
    "-filter_complex",
    PALETTE,
    "-loop",
    "0",
    "-f",
    "gif",
    "pipe:1",
  ]);
  const [out, words]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
  // When ffmpeg ends early the pipe breaks; its exit status and its words say why.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(frames);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(Buffer.concat(out));
      reject(
        new UserError(`ffmpeg failed (exit ${code}): ${Buffer.concat(words).toString().trim()}`, "check FFMPEG_BIN"),
      );
    });
  });
}
