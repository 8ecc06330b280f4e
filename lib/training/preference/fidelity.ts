/**
 * How near a picture is to the true one, forgiving small displacement: a model that stands half a step beside the true
 * place shows the world no worse, but plain PSNR would then prefer whatever is blurred.
 */
import { psnr, ssim } from "../../metrics/image.ts";
import type { PictureSize } from "../../metrics/video.ts";

/** Both of the overlapping part where the displaced pictures agree best. */
export interface Fidelity {
  /** dB, at half the resolution. */
  readonly psnr: number;
  /** -1..1, at full resolution: blur, too, costs. */
  readonly ssim: number;
}

/** Pixels of half the resolution; 3 are 6 of the picture, a turn of 8 degrees. */
const REACH = { x: 3, y: 2 };

const halfOf = ({ width, height }: PictureSize): PictureSize => ({
  width: Math.floor(width / 2),
  height: Math.floor(height / 2),
});

/** Mean of 2 x 2 pixels. */
function halved(picture: Uint8Array, size: PictureSize): Uint8Array {
  const half = halfOf(size);
  const out = new Uint8Array(3 * half.width * half.height);
  const row = 3 * size.width;
  for (let y = 0, at = 0; y < half.height; y++)
    for (let x = 0; x < half.width; x++)
      for (let k = 0; k < 3; k++) {
        const i = 2 * y * row + 6 * x + k;
        out[at++] = (picture[i] + picture[i + 3] + picture[i + row] + picture[i + row + 3]) / 4;
      }
  return out;
}

interface Displacement {
  readonly x: number;
  readonly y: number;
}

/** The part of a picture of this size that a picture displaced by (x, y) also shows. */
function overlap(picture: Uint8Array, { width, height }: PictureSize, { x, y }: Displacement): Uint8Array {
  const [columns, rows] = [width - Math.abs(x), height - Math.abs(y)];
  const out = new Uint8Array(3 * columns * rows);
  for (let r = 0; r < rows; r++) {
    const from = 3 * ((r + Math.max(0, y)) * width + Math.max(0, x));
    out.set(picture.subarray(from, from + 3 * columns), 3 * r * columns);
  }
  return out;
}

const opposite = ({ x, y }: Displacement): Displacement => ({ x: -x, y: -y });

const DISPLACEMENTS: readonly Displacement[] = Array.from({ length: 2 * REACH.y + 1 }, (_, row) =>
  Array.from({ length: 2 * REACH.x + 1 }, (_, column) => ({ x: column - REACH.x, y: row - REACH.y })),
).flat();

/** @param picture,truth [height, width, 3] bytes */
export function fidelityOf(picture: Uint8Array, truth: Uint8Array, size: PictureSize): Fidelity {
  const half = halfOf(size);
  const [a, b] = [halved(picture, size), halved(truth, size)];
  const likeness = DISPLACEMENTS.map((by) => psnr(overlap(a, half, by), overlap(b, half, opposite(by))));
  const best = likeness.indexOf(Math.max(...likeness));
  const by = { x: 2 * DISPLACEMENTS[best].x, y: 2 * DISPLACEMENTS[best].y };
  const [p, q] = [overlap(picture, size, by), overlap(truth, size, opposite(by))];
  return { psnr: likeness[best], ssim: ssim(p, q, size.width - Math.abs(by.x), size.height - Math.abs(by.y)) };
}

/** Differences that count, of both measures; where they disagree or are smaller, no picture is better. */
const MARGIN: Fidelity = { psnr: 0.6, ssim: 0.03 };

/** Positive where `a` is clearly nearer to the truth, negative where `b` is, 0 where neither. */
export function compareFidelity(a: Fidelity, b: Fidelity): -1 | 0 | 1 {
  const clearly = (p: Fidelity, q: Fidelity): boolean =>
    p.psnr - q.psnr >= MARGIN.psnr && p.ssim - q.ssim >= MARGIN.ssim;
  return clearly(a, b) ? 1 : clearly(b, a) ? -1 : 0;
}
