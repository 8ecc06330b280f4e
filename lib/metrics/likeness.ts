/** How alike a video and the true one are, by means over their pictures. */
import { mean } from "../util/statistics.ts";
import { boundedPsnr, ssim } from "./image.ts";
import { framesIn, type PictureSize } from "./video.ts";

/** PSNR in dB of every picture; at most 60 where two are equal. @param video,truth of one length */
export function videoPsnr(video: Uint8Array, truth: Uint8Array, size: PictureSize): number {
  const real = framesIn(truth, size);
  return mean(framesIn(video, size).map((frame, i) => boundedPsnr(frame, real[i])));
}

/** SSIM is taken of every eighth picture. */
const STRIDE = 8;

/** SSIM, -1..1. @param video,truth of one length */
export function videoSsim(video: Uint8Array, truth: Uint8Array, size: PictureSize): number {
  const real = framesIn(truth, size);
  const some = framesIn(video, size).flatMap((frame, i) =>
    i % STRIDE === 0 ? [ssim(frame, real[i], size.width, size.height)] : [],
  );
  return mean(some);
}
