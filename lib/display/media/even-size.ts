import { frameCount, type Video } from "./video.ts";

/** 4:2:0 video has one colour sample per 2x2 pixels: an odd side is extended by repeating its last row or column. */
export function toEvenSize(video: Video): Video {
  const width = video.width + (video.width % 2);
  const height = video.height + (video.height % 2);
  if (width === video.width && height === video.height) return video;
  const count = frameCount(video);
  const frames = new Uint8Array(count * height * width * 3);
  for (let f = 0; f < count; f++) {
    for (let y = 0; y < height; y++) {
      const row = (f * video.height + Math.min(y, video.height - 1)) * video.width * 3;
      const target = (f * height + y) * width * 3;
      frames.set(video.frames.subarray(row, row + video.width * 3), target);
      if (width > video.width)
        frames.copyWithin(target + video.width * 3, target + video.width * 3 - 3, target + video.width * 3);
    }
  }
  return { ...video, frames, width, height };
}
