/** Videos as animated GIF: what pages and trackers show that play no video. */
import { findFfmpeg } from "../../runtime/setup/find-ffmpeg.ts";
import { UserError } from "../../util/errors.ts";
import { feed } from "../../util/feed.ts";
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
  const graph = ["-filter_complex", PALETTE, "-loop", "0", "-f", "gif", "pipe:1"];
  const { code, out, words } = await feed(ffmpeg.path, ["-v", "error", ...input, ...graph], frames);
  if (code === 0) return out;
  throw new UserError(`ffmpeg failed (exit ${code}): ${words}`, "check FFMPEG_BIN");
}
