/**
 * Features of the second estimator: a cost volume. For every shift (dx, dy) the windowed mean of the squared difference
 * between a frame and its shifted successor, at half and at quarter resolution, as its logarithm against the mean over
 * shifts: the true motion shows as a dip, whatever the contrast.
 */
import * as tf from "@tensorflow/tfjs-core";
import { halfScale, onColumns, onRows, overColours, padded, perColour, smooth, windows } from "../actions/separable.ts";
import type { Features } from "./features.ts";
import { GROUP_FRAMES, HALF_HEIGHT, HALF_WIDTH } from "./groups.ts";
import { type Hypotheses, hypothesesOf, judge, plainEnergies, weighted } from "./hypotheses.ts";

export const COST_GRID = { height: 12, width: 10 };
const CELLS = COST_GRID.height * COST_GRID.width;
/** Shifts of each scale, in its pixels: 9 x 5 = 45. At quarter resolution they reach 16 x 8 pixels of the frame. */
const REACH = { x: 4, y: 2 };
const SHIFTS = (2 * REACH.x + 1) * (2 * REACH.y + 1);
const SCALES = 2;
export const COST_CHANNELS = SCALES * (SHIFTS + 1);

/**
 * Where the actions are judged: at half resolution, between frames so many apart. Longer gaps tell slow motions apart,
 * which shifts by whole pixels cannot between neighbours.
 */
const GAPS = [2, 3];
export const COST_VIEWS = GAPS.length;

const SIGMA = 0.5;
/** Squared differences below this (in units of white squared) are noise. */
const FLOOR = 1e-4;
/** Noise of a cost: a part in proportion to the mean cost of all shifts, for what whole pixels miss, and a constant. */
const NOISE_SHARE = 0.05;
const NOISE_FLOOR = 3e-4;

/** Costs of one scale: frames [n * 5, h, 3 w] -> [n, 5 - gap, 12, 45 * 10]. */
function costs(frames: tf.Tensor, gap = 1): tf.Tensor {
  const [all, h, row] = frames.shape;
  const [n, pairs] = [all / GROUP_FRAMES, GROUP_FRAMES - gap];
  const part = (x: tf.Tensor, first: number): tf.Tensor => {
    const [, rows, columns] = x.shape;
    const flat = tf.reshape(x, [n, GROUP_FRAMES, rows * columns]);
    return tf.reshape(tf.slice(flat, [0, first, 0], [n, pairs, rows * columns]), [n * pairs, rows, columns]);
  };
  const before = part(frames, 0);
  const margin = onColumns(onRows(frames, padded(h, REACH.y)), perColour(padded(row / 3, REACH.x)));
  const later = part(margin, gap);
  const across = overColours(windows(row / 3, COST_GRID.width, SIGMA));
  const pooled: tf.Tensor[] = [];
  for (let dy = 0; dy <= 2 * REACH.y; dy++)
    for (let dx = 0; dx <= 2 * REACH.x; dx++) {
      const shifted = tf.slice(later, [0, dy, 3 * dx], [n * pairs, h, row]);
      pooled.push(onColumns(tf.squaredDifference(before, shifted), across));
    }
  const sums = onRows(tf.concat(pooled, 2), windows(h, COST_GRID.height, SIGMA));
  return tf.reshape(sums, [n, pairs, COST_GRID.height, SHIFTS * COST_GRID.width]);
}

/** Costs [..., 12, 45 * 10] -> [m, cells, 45]. */
const byShift = (values: tf.Tensor): tf.Tensor =>
  tf.reshape(tf.transpose(tf.reshape(values, [-1, SHIFTS, COST_GRID.width]), [0, 2, 1]), [-1, CELLS, SHIFTS]);

/** Costs [n, 4, 12, 45 * 10] -> of the steps and their mean: dips on a logarithmic scale, and the size, [n * 5, 12, 10, 46]. */
function dips(values: tf.Tensor): tf.Tensor {
  const all = tf.add(byShift(tf.concat([values, tf.mean(values, 1, true)], 1)), FLOOR);
  const mean = tf.mean(all, 2, true);
  const features = tf.concat([tf.log(tf.div(all, mean)), tf.mul(tf.log(mean), 0.2)], 2);
  return tf.reshape(features, [-1, COST_GRID.height, COST_GRID.width, SHIFTS + 1]);
}

/** Quadratic interpolation at `at` between integers -reach..reach: squared differences are parabolas near their dip. */
function interpolation(at: number, reach: number): number[] {
  const held = Math.max(-reach, Math.min(reach, at));
  const centre = Math.max(1 - reach, Math.min(reach - 1, Math.round(held)));
  const f = held - centre;
  const weights = new Array<number>(2 * reach + 1).fill(0);
  const first = centre - 1 + reach;
  weights[first] = (f * (f - 1)) / 2;
  weights[first + 1] = 1 - f * f;
  weights[first + 2] = (f * (f + 1)) / 2;
  return weights;
}

/** Weights of the shifts around a flow in pixels of a scale, which is held within reach. */
function shiftWeights(u: number, v: number): number[] {
  const across = interpolation(u, REACH.x);
  const weights: number[] = [];
  for (const wy of interpolation(v, REACH.y)) for (const wx of across) weights.push(wx * wy);
  return weights;
}

/** The cost at the flow of each action over `gap` frames, at half resolution. */
const hypotheses = (gap: number): Hypotheses =>
  hypothesesOf(COST_GRID, ({ u, v }) => shiftWeights((gap * u) / 2, (gap * v) / 2));
const OF_STEPS = hypotheses(1);
const OF_GAPS = GAPS.map(hypotheses);

/** Costs per cell in units of their noise. */
const inNoise = (cells: tf.Tensor): tf.Tensor =>
  tf.div(cells, tf.add(tf.mul(tf.mean(cells, 2, true), NOISE_SHARE), NOISE_FLOOR));

/** Halved frames [n * 5, 24, 120] in 0..1 -> features; the grid is [n * 5, 12, 10, 92]. */
export function costFeatures(frames: tf.Tensor): Features {
  const soft = onColumns(onRows(frames, smooth(HALF_HEIGHT)), perColour(smooth(HALF_WIDTH)));
  const quarter = onColumns(onRows(frames, halfScale(HALF_HEIGHT)), perColour(halfScale(HALF_WIDTH)));
  const volumes = [soft, quarter].map((level) => costs(level));
  const verdicts = GAPS.map((gap, i) => judge(inNoise(byShift(tf.mean(costs(soft, gap), 1))), OF_GAPS[i]));
  const steps = plainEnergies(weighted(inNoise(byShift(volumes[0])), verdicts[0].agreement), OF_STEPS);
  return {
    grid: tf.concat(volumes.map(dips), 3) as tf.Tensor4D,
    latent: tf.concat(
      verdicts.map(({ energies }) => energies),
      1,
    ) as tf.Tensor2D,
    steps: steps as tf.Tensor2D,
  };
}
