/**
 * Features of the first estimator: optical flow by least squares (Lucas & Kanade 1981) at three scales. In a window,
 * the flow (u, v) solves [xx xy; xy yy] (u, v) = -(xt, yt), where for example xy is the windowed sum over pixels and
 * colours of the products of the derivatives in x and y. The sums are kept too: they say what the flow is worth.
 */
import * as tf from "@tensorflow/tfjs-core";
import { GROUP_FRAMES, GROUP_STEPS, HALF_HEIGHT, HALF_WIDTH } from "./groups.ts";
import { actionEnergies, hypothesisMatrix } from "./hypotheses.ts";
import type { Features } from "./kinds.ts";
import { difference, halfScale, onColumns, onRows, overColours, perColour, smooth, windows } from "./separable.ts";

/** Cells of the feature grid. */
export const FLOW_GRID = { height: 12, width: 10 };
const SCALES = 3;
const PER_SCALE = 8;
export const FLOW_CHANNELS = SCALES * PER_SCALE;
export const FLOW_ENERGIES = SCALES;

/** Windows in cells, and the share of the gradient energy and the constant that keep the solution small on flat ground. */
const SIGMA = 0.6;
const RIDGE = 0.03;
const FLOOR = 2e-4;
/** Flows are bounded softly at this many pixels of their scale. */
const REACH = 3;
/** How much a cell's contrast in space, beside that in time, lowers its weight among the cells. */
const ENERGY_WEIGHT = 0.2;

/** Of u, v, xt, yt, xx - yy, xy, tt and the energy: a factor; whether it shrinks with the scale, as flow does; and how. */
const SPREAD_GAIN = [6, 12, 6, 6, 2.5, 6, 5, 5];
const MOVES = [true, true, true, true, false, false, false, false];
const MOTION_GAIN = [1, 1.6, 2.6];

/** Sums of products of derivatives of one scale: frames [n * 5, h, 3 w] -> [n, 4, 12, 6 * 10]. */
function normalEquations(frames: tf.Tensor): tf.Tensor {
  const [all, h, row] = frames.shape;
  const n = all / GROUP_FRAMES;
  const part = (x: tf.Tensor, first: number): tf.Tensor =>
    tf.reshape(tf.slice(tf.reshape(x, [n, GROUP_FRAMES, h * row]), [0, first, 0], [n, GROUP_STEPS, h * row]), [
      n * GROUP_STEPS,
      h,
      row,
    ]);
  const [before, later] = [part(frames, 0), part(frames, 1)];
  const middle = tf.add(before, later);
  const half = (a: number[][]): number[][] => a.map((r) => r.map((w) => w / 2));
  const [dx, dy] = [perColour(half(difference(row / 3))), half(difference(h))];
  const x = onColumns(onRows(middle, smooth(h)), dx);
  const y = onColumns(onRows(middle, dy), perColour(smooth(row / 3)));
  const t = onColumns(onRows(tf.sub(later, before), smooth(h)), perColour(smooth(row / 3)));
  const across = overColours(windows(row / 3, FLOW_GRID.width, SIGMA));
  const products = [tf.square(x), tf.mul(x, y), tf.square(y), tf.mul(x, t), tf.mul(y, t), tf.square(t)];
  const pooled = tf.concat(
    products.map((product) => onColumns(product, across)),
    2,
  );
  const sums = onRows(pooled, windows(h, FLOW_GRID.height, SIGMA));
  return tf.reshape(sums, [n, GROUP_STEPS, FLOW_GRID.height, -1]);
}

/** Flow and what it is worth, from the sums [m, 12, 6 * 10] -> u, v and six more maps, [m, 12, 10, 1]. */
function flowMaps(sums: tf.Tensor): tf.Tensor[] {
  const [xx, xy, yy, xt, yt, tt] = tf.split(sums, 6, 2);
  const energy = tf.add(tf.add(xx, yy), FLOOR);
  const ridge = tf.mul(energy, RIDGE);
  const [a, d] = [tf.add(xx, ridge), tf.add(yy, ridge)];
  const determinant = tf.sub(tf.mul(a, d), tf.square(xy));
  const u = tf.div(tf.sub(tf.mul(xy, yt), tf.mul(d, xt)), determinant);
  const v = tf.div(tf.sub(tf.mul(xy, xt), tf.mul(a, yt)), determinant);
  const bounded = (flow: tf.Tensor): tf.Tensor => tf.tanh(tf.div(flow, REACH));
  const ratios = [xt, yt, tf.sub(xx, yy), xy, tt].map((map) => tf.tanh(tf.div(map, energy)));
  const strength = tf.add(tf.mul(tf.log(energy), 0.2), 0.8);
  return [bounded(u), bounded(v), ...ratios, strength].map((map) => tf.reshape(map, [...map.shape, 1]));
}

/** Brings the maps of a scale to about unit spread, as measured on true renders. */
const unitSpread = (maps: tf.Tensor[], scale: number): tf.Tensor[] =>
  maps.map((map, i) => tf.mul(map, SPREAD_GAIN[i] * (MOVES[i] ? MOTION_GAIN[scale] : 1)));

/** The four steps' sums, and as a fifth entry their mean: the latent's own flow. */
const withLatent = (sums: tf.Tensor): tf.Tensor =>
  tf.reshape(tf.concat([sums, tf.mean(sums, 1, true)], 1), [-1, sums.shape[2] as number, sums.shape[3] as number]);

/**
 * What remains of the brightness change under a flow (u, v): xx u^2 + 2 xy u v + yy v^2 + 2 xt u + 2 yt v + tt, summed
 * over the cells, for the flow of each action. @param scale 0 halved the picture once
 */
const ENERGY = Array.from({ length: SCALES }, (_, scale) =>
  hypothesisMatrix(FLOW_GRID, (flow) => {
    const [u, v] = [flow.u, flow.v].map((px) => px / 2 ** (scale + 1));
    return [u * u, 2 * u * v, v * v, 2 * u, 2 * v, 1];
  }),
);

/** Sums [m, 12, 6 * 10] -> what each action leaves unexplained, [m, 81]. Every cell counts by its own contrast. */
function leftOver(sums: tf.Tensor, scale: number): tf.Tensor {
  const { height, width } = FLOW_GRID;
  const cells = tf.transpose(tf.reshape(sums, [-1, 6, width]), [0, 2, 1]);
  const [xx, , yy, , , tt] = tf.split(cells, 6, 2);
  const weight = tf.add(tf.add(tt, tf.mul(tf.add(xx, yy), ENERGY_WEIGHT)), FLOOR);
  return actionEnergies(tf.reshape(tf.div(cells, weight), [-1, height * width * 6]), ENERGY[scale]);
}

/** Halved frames [n * 5, 24, 120] in 0..1 -> features of the four steps, then of the latent: grid [n * 5, 12, 10, 24]. */
export function flowFeatures(frames: tf.Tensor): Features {
  const maps: tf.Tensor[] = [];
  const energies: tf.Tensor[] = [];
  let [level, h, w] = [frames, HALF_HEIGHT, HALF_WIDTH];
  for (let scale = 0; scale < SCALES; scale++) {
    const sums = withLatent(normalEquations(level));
    maps.push(...unitSpread(flowMaps(sums), scale));
    energies.push(leftOver(sums, scale));
    if (scale + 1 === SCALES) break;
    level = onColumns(onRows(level, halfScale(h)), perColour(halfScale(w)));
    [h, w] = [h / 2, w / 2];
  }
  return { grid: tf.concat(maps, 3) as tf.Tensor4D, energies: tf.concat(energies, 1) as tf.Tensor2D };
}

/** The flow alone of halved frames, in halved pixels: u and v of the finest scale, [n * 5, 12, 10]. For tests and plots. */
export function finestFlow(frames: tf.Tensor): { u: tf.Tensor; v: tf.Tensor } {
  const [u, v] = flowMaps(withLatent(normalEquations(frames)));
  const unbounded = (map: tf.Tensor): tf.Tensor => tf.mul(tf.atanh(tf.squeeze(map, [3])), REACH);
  return { u: unbounded(u), v: unbounded(v) };
}
