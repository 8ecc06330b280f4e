/** How well the tokeniser reconstructs held-out scenes. */
import { psnr, ssim } from "../../metrics/image.ts";
import { FRAME_BYTES, TOKENISER } from "../../model/tokeniser/config.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { deviation, mean } from "../../util/statistics.ts";

export interface ReconstructionQuality {
  /** dB, mean over videos of the PSNR of a whole video. */
  psnr: number;
  psnrSd: number;
  /** Mean over every eighth frame. */
  ssim: number;
  videos: number;
}

const SSIM_STRIDE = 8;

/** @param videos bytes [4n-3, 48, 80, 3] each */
export function reconstructionQuality(tokeniser: Tokeniser, videos: readonly Uint8Array[]): ReconstructionQuality {
  const { frameWidth, frameHeight } = TOKENISER;
  const psnrs: number[] = [];
  const ssims: number[] = [];
  for (const frames of videos) {
    const back = tokeniser.decode(tokeniser.encode(frames));
    psnrs.push(psnr(frames, back));
    for (let at = 0; at < frames.length; at += SSIM_STRIDE * FRAME_BYTES) {
      const [a, b] = [frames, back].map((v) => v.subarray(at, at + FRAME_BYTES));
      ssims.push(ssim(a, b, frameWidth, frameHeight));
    }
  }
  return { psnr: mean(psnrs), psnrSd: deviation(psnrs), ssim: mean(ssims), videos: videos.length };
}
