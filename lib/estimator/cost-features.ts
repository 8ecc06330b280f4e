/**
 * Features of the second estimator: a cost volume. For every shift (dx, dy) the windowed mean of the squared difference
 * between a frame and its shifted successor, at half and at quarter resolution, as its logarithm against the mean over
 * shifts: the true motion shows as a dip, whatever the contrast.
 */
import * as tf from "@tensorflow/tfjs-core";
import { GROUP_FRAMES, GROUP_STEPS, HALF_HEIGHT, HALF_WIDTH } from "./groups.ts";
import { actionEnergies, type Flow, hypothesisMatrix } from "./hypotheses.ts";
import type { Features } from "./kinds.ts";
import { halfScale, onColumns, onRows, overColours, padded, perColour, windows } from "./separable.ts";

export const COST_GRID = { height: 8, width: 10 };
/** Shifts of each scale, in its pixels: 7 x 5 = 35. At quarter resolution they reach 12 x 8 pixels of the frame. */
const REACH = { x: 3, y: 2 };
const SHIFTS = (2 * REACH.x + 1) * (2 * REACH.y + 1);
const SCALES = 2;
export const COST_CHANNELS = SCALES * (SHIFTS + 1);
export const COST_ENERGIES = SCALES;

const SIGMA = 0.6;
/** Squared differences below this (in units of white squared) are noise. */
const FLOOR = 1e-4;

/** Costs of one scale: frames [n * 5, h, 3 w] -> [n, 4, 8, 35 * 10]. */
function costs(frames: tf.Tensor): tf.Tensor {
  const [all, h, row] = frames.shape;
  const n = all / GROUP_FRAMES;
  const part = (x: tf.Tensor, first: number): tf.Tensor => {
    const [, rows, columns] = x.shape;
    const flat = tf.reshape(x, [n, GROUP_FRAMES, rows * columns]);
    return tf.reshape(tf.slice(flat, [0, first, 0], [n, GROUP_STEPS, rows * columns]), [
      n * GROUP_STEPS,
      rows,
      columns,
    ]);
  };
  const before = part(frames, 0);
  const margin = onColumns(onRows(frames, padded(h, REACH.y)), perColour(padded(row / 3, REACH.x)));
  const later = part(margin, 1);
  const across = overColours(windows(row / 3, COST_GRID.width, SIGMA));
  const pooled: tf.Tensor[] = [];
  for (let dy = 0; dy <= 2 * REACH.y; dy++)
    for (let dx = 0; dx <= 2 * REACH.x; dx++) {
      const shifted = tf.slice(later, [0, dy, 3 * dx], [n * GROUP_STEPS, h, row]);
      pooled.push(onColumns(tf.squaredDifference(before, shifted), across));
    }
  const sums = onRows(tf.concat(pooled, 2), windows(h, COST_GRID.height, SIGMA));
  return tf.reshape(sums, [n, GROUP_STEPS, COST_GRID.height, SHIFTS * COST_GRID.width]);
}

/** Costs [n, 4, 8, 35 * 10] -> of the four steps and of their mean, [n * 5 * 8, 10, 35]. */
function byShift(values: tf.Tensor): tf.Tensor {
  const all = tf.reshape(tf.concat([values, tf.mean(values, 1, true)], 1), [-1, SHIFTS, COST_GRID.width]);
  return tf.add(tf.transpose(all, [0, 2, 1]), FLOOR);
}

/** Costs over the shifts -> the dips on a logarithmic scale, and how large the costs are: [n * 5, 8, 10, 36]. */
function dips(relative: tf.Tensor, mean: tf.Tensor): tf.Tensor {
  const features = tf.concat([tf.log(relative), tf.mul(tf.log(mean), 0.2)], 2);
  return tf.reshape(features, [-1, COST_GRID.height, COST_GRID.width, SHIFTS + 1]);
}

/** Quadratic interpolation at `at` between integers -reach..reach: squared differences are parabolas near their dip. */
function interpolation(at: number, reach: number): number[] {
  const held = Math.max(-reach, Math.min(reach, at));
  const centre = Math.max(1 - reach, Math.min(reach - 1, Math.round(held)));
  const f = held - centre;
  const weights = [(f * (f - 1)) / 2, 1 - f * f, (f * (f + 1)) / 2];
  return Array.from({ length: 2 * reach + 1 }, (_, i) => weights[i - reach - centre + 1] ?? 0);
}

/** Weights of the shifts around a flow in pixels, which is held within reach. @param scale 0 halved the picture once */
function shiftWeights({ u, v }: Flow, scale: number): number[] {
  const across = interpolation(u / 2 ** (scale + 1), REACH.x);
  return interpolation(v / 2 ** (scale + 1), REACH.y).flatMap((wy) => across.map((wx) => wx * wy));
}

const ENERGY = Array.from({ length: SCALES }, (_, scale) =>
  hypothesisMatrix(COST_GRID, (flow) => shiftWeights(flow, scale)),
);

/** Halved frames [n * 5, 24, 120] in 0..1 -> features of the four steps, then of the latent: grid [n * 5, 8, 10, 72]. */
export function costFeatures(frames: tf.Tensor): Features {
  const quarter = onColumns(onRows(frames, halfScale(HALF_HEIGHT)), perColour(halfScale(HALF_WIDTH)));
  const maps: tf.Tensor[] = [];
  const energies: tf.Tensor[] = [];
  [frames, quarter].forEach((level, scale) => {
    const values = byShift(costs(level));
    const mean = tf.mean(values, 2, true);
    const relative = tf.div(values, mean);
    maps.push(dips(relative, mean));
    energies.push(actionEnergies(tf.reshape(relative, [frames.shape[0], -1]), ENERGY[scale]));
  });
  return { grid: tf.concat(maps, 3) as tf.Tensor4D, energies: tf.concat(energies, 1) as tf.Tensor2D };
}
