/** The video encoder of last resort: minih264 compiled to WebAssembly, inside an npm package, needs nothing else. */
import { createRequire } from "node:module";
import { UserError } from "../../util/errors.ts";
import { withoutProcessListeners } from "../../util/process-listeners.ts";
import { indexFirst } from "./fast-start.ts";
import { setRate } from "./frame-rate.ts";
import { frameAt, frameCount, type Video } from "./video.ts";

type Encoder = import("h264-mp4-encoder").H264MP4Encoder;

/** The range of minih264's quantiser; outside it, it silently takes the nearest. */
const QUANTISER = { best: 10, worst: 51 };

/** Encodes a video of even width and height. */
export async function encodeWithWasm(video: Video, quality: number): Promise<Buffer> {
  const encoder = await withoutProcessListeners(createEncoder);
  try {
    const wholeRate = Math.max(1, Math.round(video.fps));
    Object.assign(encoder, { width: video.width, height: video.height, frameRate: wholeRate });
    encoder.quantizationParameter = Math.min(Math.max(Math.round(quality), QUANTISER.best), QUANTISER.worst);
    encoder.initialize();
    for (let i = 0; i < frameCount(video); i++) encoder.addFrameRgba(withAlpha(frameAt(video, i).pixels));
    encoder.finalize();
    const file = indexFirst(Buffer.from(encoder.FS.readFile(encoder.outputFilename)));
    setRate(file, wholeRate, video.fps);
    return file;
  } finally {
    encoder.delete();
  }
}

function createEncoder(): Promise<Encoder> {
  try {
    return createRequire(import.meta.url)("h264-mp4-encoder").createH264MP4Encoder();
  } catch (error) {
    const mend = "run `npm ci`, install ffmpeg, or set FFMPEG_BIN";
    throw new UserError(`no video encoder: ${(error as Error).message}`, mend, { cause: error });
  }
}

function withAlpha(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) {
    rgba[j] = rgb[i];
    rgba[j + 1] = rgb[i + 1];
    rgba[j + 2] = rgb[i + 2];
  }
  return rgba;
}
