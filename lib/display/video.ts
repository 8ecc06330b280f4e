import { type Displayable, displayable } from "./bundle.ts";
import { encodeMp4 } from "./media/ffmpeg.ts";
import { escapeMarkup } from "./media/svg.ts";
import { frameCount, upscaleVideo, type Video } from "./media/video.ts";
import { plainText } from "./names.ts";

export interface VideoDisplayOptions {
  /** A line under the video. */
  caption?: string;
  /** Whole factor by which frames are enlarged before they are encoded; default 1. */
  scale?: number;
  /** Constant rate factor, 0 (lossless, large) to 51; default the encoder's. */
  quality?: number;
}

/**
 * A video that plays inside the page: H.264 in the notebook file itself, silent and looping.
 * @example
 * ```ts
 * import { video } from "worldcompass";
 * const grey = { frames: new Uint8Array(5 * 48 * 80 * 3).fill(128), width: 80, height: 48, fps: 16 };
 * const shown = video(grey, { caption: "nothing moves", scale: 4 });
 * console.log(typeof shown); // => object
 * ```
 */
export function video(clip: Video, { caption, scale = 1, quality }: VideoDisplayOptions = {}): Displayable {
  return displayable(async () => {
    const enlarged = upscaleVideo(clip, scale);
    const { width, height, fps } = enlarged;
    const mp4 = await encodeMp4(enlarged.frames, { width, height, fps, quality });
    const seconds = (frameCount(clip) / fps).toFixed(1);
    const text = `[video: ${caption ? `${caption}, ` : ""}${frameCount(clip)} frames of ${width}x${height}, ${seconds} s]`;
    return { "text/html": htmlOf(mp4, width, height, caption), "text/plain": plainText(text) };
  });
}

/** Where the page is narrower than the video it shrinks, instead of being cut off. */
const FITTING = ` style="max-width:100%;height:auto"`;

/** The source is an attribute of the video element: JupyterLab's sanitizer removes `<source>` elements' sources. */
function htmlOf(mp4: Uint8Array, width: number, height: number, caption: string | undefined): string {
  const data = Buffer.from(mp4).toString("base64");
  const player = `<video src="data:video/mp4;base64,${data}" width="${width}" height="${height}"${FITTING} controls loop muted playsinline></video>`;
  const under = caption ? `<figcaption>${escapeMarkup(caption)}</figcaption>` : "";
  return `<figure style="margin:0">${player}${under}</figure>`;
}
