import { UserError } from "../../util/errors.ts";
import { type Image, upscaleImage } from "./image.ts";

/** A silent RGB video: `frames` is [F, height, width, 3], one byte a channel; `fps` is frames a second. */
export interface Video {
  readonly frames: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** Number of frames F; throws where the bytes are not a whole number of frames. */
export function frameCount({ frames, width, height }: Video): number {
  const count = frames.length / (width * height * 3);
  if (!Number.isInteger(count) || count === 0) {
    throw new UserError(
      `${frames.length} bytes are not a whole number of ${width}x${height} RGB frames`,
      "check the video's width and height, and that its frames are one byte a channel",
    );
  }
  return count;
}

/** Frame `index` as a view on the video's own bytes (nothing is copied). */
export function frameAt(video: Video, index: number): Image {
  const count = frameCount(video);
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new UserError(`there is no frame ${index} in a video of ${count} frames`, `ask for 0 to ${count - 1}`);
  }
  const { width, height, frames } = video;
  const size = width * height * 3;
  return { pixels: frames.subarray(index * size, (index + 1) * size), width, height };
}

/** Joins pictures of one size into a video. */
export function videoOf(images: readonly Image[], fps: number): Video {
  if (images.length === 0) throw new UserError("a video needs at least one frame", "give a picture or more");
  const { width, height } = images[0];
  const size = width * height * 3;
  const frames = new Uint8Array(images.length * size);
  for (const [i, image] of images.entries()) {
    if (image.width !== width || image.height !== height) {
      throw new UserError(
        `frame ${i} is ${image.width}x${image.height}, the first is ${width}x${height}`,
        "give all frames one size",
      );
    }
    frames.set(image.pixels, i * size);
  }
  return { frames, width, height, fps };
}

/** A new video whose frames are `transform(frame, index)`; all results must have one size. */
export function mapFrames(video: Video, transform: (frame: Image, index: number) => Image): Video {
  const images = Array.from({ length: frameCount(video) }, (_, i) => transform(frameAt(video, i), i));
  return videoOf(images, video.fps);
}

/** Enlarges every frame by a whole factor, without smoothing. */
export function upscaleVideo(video: Video, factor: number): Video {
  return mapFrames(video, (frame) => upscaleImage(frame, factor));
}
