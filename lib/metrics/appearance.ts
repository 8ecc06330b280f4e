/**
 * What a picture looks like whatever it shows: 22 fixed numbers of colour and sharpness, nothing learnt. A camera that
 * moves through one world changes them little and slowly; fading, blur, tints and grain change them at once.
 */
import { luma } from "./image.ts";
import { framesIn, type PictureSize } from "./video.ts";

/** Upper edges of histogram bins: of luma, and (in powers of two) of its gradient, in grey levels. */
const LUMA_EDGES = [32, 64, 96, 128, 160, 192, 224];
const GRADIENT_EDGES = [2, 4, 8, 16, 32, 64, 128];

/** Means and standard deviations of R, G and B, saturation, sharpness, and two cumulative histograms. */
export const APPEARANCE_SIZE = 8 + LUMA_EDGES.length + GRADIENT_EDGES.length;

/** Statistics with names, of one picture: all 0..1 of the full scale. */
export interface ColourStatistics {
  /** Mean of R, G and B. */
  readonly mean: readonly number[];
  /** Standard deviation of R, G and B. */
  readonly spread: readonly number[];
  /** Mean of (largest - smallest channel). */
  readonly saturation: number;
}

/** @param picture [height, width, 3] bytes */
export function colourOf(picture: Uint8Array): ColourStatistics {
  const pixels = picture.length / 3;
  const [sums, squares] = [new Float64Array(3), new Float64Array(3)];
  let saturation = 0;
  for (let i = 0; i < picture.length; i += 3) {
    const [r, g, b] = [picture[i], picture[i + 1], picture[i + 2]];
    saturation += Math.max(r, g, b) - Math.min(r, g, b);
    for (let c = 0; c < 3; c++) {
      sums[c] += picture[i + c];
      squares[c] += picture[i + c] ** 2;
    }
  }
  const mean = Array.from(sums, (s) => s / pixels / 255);
  const spread = Array.from(squares, (s, c) => Math.sqrt(Math.max(0, s / pixels / 255 ** 2 - mean[c] ** 2)));
  return { mean, spread, saturation: saturation / pixels / 255 };
}

/** Mean absolute Laplacian of the luma (four neighbours) over inner pixels, 0..1 of the full scale. */
export const sharpnessOf = (picture: Uint8Array, size: PictureSize): number => sharpnessOfLuma(luma(picture), size);

function sharpnessOfLuma(y: Float32Array, { width, height }: PictureSize): number {
  let sum = 0;
  for (let row = 1; row < height - 1; row++)
    for (let i = row * width + 1; i < (row + 1) * width - 1; i++)
      sum += Math.abs(4 * y[i] - y[i - 1] - y[i + 1] - y[i - width] - y[i + width]);
  return sum / ((height - 2) * (width - 2)) / 255;
}

/** Length of the luma's gradient to the right and lower neighbour, in grey levels. [(height - 1) * (width - 1)] */
function gradients(y: Float32Array, { width, height }: PictureSize): Float32Array {
  const out = new Float32Array((height - 1) * (width - 1));
  let at = 0;
  for (let row = 0; row < height - 1; row++)
    for (let i = row * width; i < (row + 1) * width - 1; i++)
      out[at++] = Math.sqrt((y[i + 1] - y[i]) ** 2 + (y[i + width] - y[i]) ** 2);
  return out;
}

/** Share of the values below each edge. */
function cumulative(values: Float32Array, edges: readonly number[]): number[] {
  return edges.map((edge) => {
    let count = 0;
    for (let i = 0; i < values.length; i++) if (values[i] < edge) count++;
    return count / values.length;
  });
}

/**
 * @param picture [height, width, 3] bytes
 * @returns [22] numbers, 0..1
 */
export function appearanceOf(picture: Uint8Array, size: PictureSize): Float32Array {
  const { mean, spread, saturation } = colourOf(picture);
  const y = luma(picture);
  const histograms = [...cumulative(y, LUMA_EDGES), ...cumulative(gradients(y, size), GRADIENT_EDGES)];
  return Float32Array.of(...mean, ...spread, saturation, sharpnessOfLuma(y, size), ...histograms);
}

/** The appearance of every frame of a video [F, height, width, 3]. */
export const appearances = (video: Uint8Array, size: PictureSize): Float32Array[] =>
  framesIn(video, size).map((frame) => appearanceOf(frame, size));

/** Mean of descriptions. */
export function meanAppearance(descriptions: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(APPEARANCE_SIZE);
  for (const own of descriptions) for (let k = 0; k < APPEARANCE_SIZE; k++) sum[k] += own[k];
  return Float32Array.from(sum, (s) => s / descriptions.length);
}

/** Root mean square difference of two descriptions, 0..1. */
export function appearanceDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < APPEARANCE_SIZE; k++) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum / APPEARANCE_SIZE);
}
