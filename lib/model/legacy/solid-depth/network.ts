/**
 * Which pixels of a picture show solids, and how far these are: a convolutional network on cells of 4 x 4 pixels. Ground
 * and sky need none: where the ground is at every row follows from the camera's pitch, which the network is told as well.
 */
import * as tf from "@tensorflow/tfjs-core";
import { EYE_HEIGHT, FOCAL, HEIGHT, WIDTH } from "../../../world/config.ts";
import { linear, rmsNorm } from "../../nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../../nn/params.ts";

const FOLD = 4;
export const CELL_ROWS = HEIGHT / FOLD;
export const CELL_COLUMNS = WIDTH / FOLD;
const PIXELS = FOLD * FOLD;
/** Colours of a cell's pixels, and the nearness of the ground at its rows. */
export const INPUTS = 3 * PIXELS + FOLD;
const CHANNELS = 48;
const BLOCKS = 4;
/** Of every pixel: whether it shows a solid (a logit), and the logarithm of its depth. */
const OUTPUTS = 2;
const TYPICAL_DEPTH = 3;

const conv = (name: string, input: number, gain: number): ParamSpec => ({
  [`${name}.w`]: fanIn([3, 3, input, CHANNELS], gain),
  [`${name}.b`]: filled([CHANNELS], 0),
});

export const DEPTH_SPEC: ParamSpec = {
  ...conv("in", INPUTS, 1),
  ...Object.assign(
    {},
    ...Array.from({ length: BLOCKS }, (_, i) => ({
      ...conv(`blocks.${i}.1`, CHANNELS, Math.SQRT2),
      ...conv(`blocks.${i}.2`, CHANNELS, 0.1),
    })),
  ),
  "out.w": fanIn([CHANNELS, OUTPUTS * PIXELS], 0.1),
  "out.b": filled([OUTPUTS * PIXELS], 0),
};

/** Pictures [n, 48, 80, 3] bytes each and pitches of their cameras -> [n, 12, 20, 52]. */
export function depthInputs(pictures: readonly Uint8Array[], pitches: readonly number[]): Float32Array {
  const out = new Float32Array(pictures.length * CELL_ROWS * CELL_COLUMNS * INPUTS);
  pictures.forEach((picture, n) => {
    const [sine, cosine] = [Math.sin(pitches[n]), Math.cos(pitches[n])];
    for (let row = 0; row < HEIGHT; row++) {
      const nearness = Math.max(0, -(sine + ((HEIGHT / 2 - row - 0.5) / FOCAL) * cosine) / EYE_HEIGHT);
      for (let column = 0; column < WIDTH; column++) {
        const cell = (n * CELL_ROWS + Math.floor(row / FOLD)) * CELL_COLUMNS + Math.floor(column / FOLD);
        const at = cell * INPUTS + ((row % FOLD) * FOLD + (column % FOLD)) * 3;
        const from = (row * WIDTH + column) * 3;
        for (let c = 0; c < 3; c++) out[at + c] = picture[from + c] / 127.5 - 1;
        out[cell * INPUTS + 3 * PIXELS + (row % FOLD)] = nearness;
      }
    }
  });
  return out;
}

const convolve = (p: Params, name: string, x: tf.Tensor): tf.Tensor =>
  tf.add(tf.conv2d(x as tf.Tensor4D, p[`${name}.w`] as tf.Tensor4D, 1, "same"), p[`${name}.b`]);

/** @returns logits and log depths, [n, 12, 20, 16] each: cells, and pixels within them */
export function predictDepth(p: Params, inputs: tf.Tensor): { logits: tf.Tensor; depths: tf.Tensor } {
  let x = convolve(p, "in", inputs);
  for (let i = 0; i < BLOCKS; i++)
    x = tf.add(x, convolve(p, `blocks.${i}.2`, tf.relu(convolve(p, `blocks.${i}.1`, rmsNorm(x)))));
  const [logits, depths] = tf.split(linear(rmsNorm(x), p["out.w"], p["out.b"]), 2, 3);
  return { logits, depths: tf.add(depths, Math.log(TYPICAL_DEPTH)) };
}

/** Values by pixel, row by row, [n, 48 * 80] -> by cell, [n, 12, 20, 16]. */
export function byCell(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[placeOf(i)] = values[i];
  return out;
}

/** The inverse of `byCell`. */
export function byPixel(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = values[placeOf(i)];
  return out;
}

function placeOf(i: number): number {
  const [row, column] = [Math.floor(i / WIDTH) % HEIGHT, i % WIDTH];
  const picture = Math.floor(i / (WIDTH * HEIGHT));
  const cell = (picture * CELL_ROWS + Math.floor(row / FOLD)) * CELL_COLUMNS + Math.floor(column / FOLD);
  return cell * PIXELS + (row % FOLD) * FOLD + (column % FOLD);
}
