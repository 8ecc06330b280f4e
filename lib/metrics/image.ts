/** PSNR and SSIM between 8-bit pictures. */

/** Peak signal-to-noise ratio in dB over all bytes; infinite for equal input. @throws RangeError on unequal lengths */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`psnr of ${a.length} and ${b.length} bytes`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

/** PSNR is bounded here where means are taken: equal pictures count as half a grey level apart. */
export const PSNR_BOUND = 60;
export const boundedPsnr = (a: Uint8Array, b: Uint8Array): number => Math.min(PSNR_BOUND, psnr(a, b));

const WINDOW = 7;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** ITU-R BT.601 luma. */
export function luma(rgb: Uint8Array): Float32Array {
  const out = new Float32Array(rgb.length / 3);
  for (let i = 0; i < out.length; i++) out[i] = 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
  return out;
}

/**
 * Structural similarity (Wang et al. 2004) of one frame's luma: uniform 7x7 windows, sample (n - 1) covariances, K1 = 0.01,
 * K2 = 0.03, mean over all whole windows.
 * @param a,b [height, width, 3] bytes
 * @returns -1..1
 * @throws RangeError on pictures of another size, or smaller than a window
 */
export function ssim(a: Uint8Array, b: Uint8Array, width: number, height: number): number {
  const sized = a.length === 3 * width * height && b.length === a.length;
  if (!sized || Math.min(width, height) < WINDOW)
    throw new RangeError(`ssim of ${a.length} and ${b.length} bytes as ${width}x${height} pictures`);
  const [x, y] = [luma(a), luma(b)];
  const columns = new Float64Array(SUMS * width);
  let total = 0;
  for (let row = 0; row + WINDOW <= height; row++) {
    sumColumns(x, y, row * width, columns);
    for (let column = 0; column + WINDOW <= width; column++) total += ssimWindow(columns, column);
  }
  return total / ((height - WINDOW + 1) * (width - WINDOW + 1));
}

/** Of x, y, x^2, y^2 and x y. */
const SUMS = 5;

/** Sums of every column over the rows of a window, [width, 5]: neighbouring windows share them. */
function sumColumns(x: Float32Array, y: Float32Array, start: number, out: Float64Array): void {
  out.fill(0);
  for (let r = 0, i = start; r < WINDOW; r++)
    for (let at = 0; at < out.length; at += SUMS, i++) {
      const [p, q] = [x[i], y[i]];
      out[at] += p;
      out[at + 1] += q;
      out[at + 2] += p * p;
      out[at + 3] += q * q;
      out[at + 4] += p * q;
    }
}

const COUNT = WINDOW * WINDOW;
const UNBIASED = COUNT / (COUNT - 1);

function ssimWindow(columns: Float64Array, column: number): number {
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let at = SUMS * column; at < SUMS * (column + WINDOW); at += SUMS) {
    sx += columns[at];
    sy += columns[at + 1];
    sxx += columns[at + 2];
    syy += columns[at + 3];
    sxy += columns[at + 4];
  }
  const mx = sx / COUNT;
  const my = sy / COUNT;
  const vx = (sxx / COUNT - mx * mx) * UNBIASED;
  const vy = (syy / COUNT - my * my) * UNBIASED;
  const cov = (sxy / COUNT - mx * my) * UNBIASED;
  return ((2 * mx * my + C1) * (2 * cov + C2)) / ((mx * mx + my * my + C1) * (vx + vy + C2));
}
