/** Videos as bytes: pictures of one size, one after the other. */
import { UserError } from "../util/errors.ts";
import type { CameraModel } from "../world/world.ts";

/** Pixels. */
export type PictureSize = Pick<CameraModel, "width" | "height">;

/** Bytes of an RGB picture. */
export const pictureBytes = ({ width, height }: PictureSize): number => 3 * width * height;

/** The picture of frame `f` of a video [frames, height, width, 3]. */
export const frameOf = (video: Uint8Array, f: number, size: PictureSize): Uint8Array =>
  video.subarray(f * pictureBytes(size), (f + 1) * pictureBytes(size));

/** A video's pictures, not copied. @throws UserError unless they are whole */
export function framesIn(video: Uint8Array, size: PictureSize): Uint8Array[] {
  const frames = video.length / pictureBytes(size);
  if (Number.isInteger(frames) && frames > 0) return Array.from({ length: frames }, (_, f) => frameOf(video, f, size));
  const { width, height } = size;
  throw new UserError(`${video.length} bytes are no video of ${width}x${height} pictures`, "give whole RGB pictures");
}
