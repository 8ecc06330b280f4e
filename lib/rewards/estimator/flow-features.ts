/**
 * Features of the first estimator: optical flow by least squares (Lucas & Kanade 1981) at three scales. In a window,
 * the flow (u, v) solves [xx xy; xy yy] (u, v) = -(xt, yt), where for example xy is the windowed sum over pixels and
 * colours of the products of the derivatives in x and y. The sums are kept too: they say what the flow is worth.
 */
import * as tf from "@tensorflow/tfjs-core";
import {
  difference,
  halfScale,
  onColumns,
  onRows,
  overColours,
  perColour,
  smooth,
  windows,
} from "../actions/separable.ts";
import type { Features } from "./features.ts";
import { GROUP_FRAMES, HALF_HEIGHT, HALF_WIDTH } from "./groups.ts";
import { hypothesesOf, judge, plainEnergies, weighted } from "./hypotheses.ts";

/** Cells of the feature grid. */
export const FLOW_GRID = { height: 12, width: 10 };
const SCALES = 3;
const PER_SCALE = 8;
export const FLOW_CHANNELS = SCALES * PER_SCALE;

/** Where the actions are judged: scale, and frames between the two that are compared. */
const VIEWS = [
  { scale: 0, gap: 1 },
  { scale: 0, gap: 2 },
  { scale: 1, gap: 2 },
];
export const FLOW_VIEWS = VIEWS.length;

/** Standard deviation of a window, in cells. */
const SIGMA = 0.4;
/** The share of the gradient energy and the constant that keep the flow small on flat ground. */
const RIDGE = 0.03;
const FLOOR = 2e-4;
/** Flows are bounded softly at this many pixels of their scale. */
const REACH = 3;
/** Noise of the squared left-over: a part in proportion to the contrast, for what the flow model misses, and a constant. */
const NOISE_SHARE = 0.01;
const NOISE_FLOOR = 5e-4;

/** Of u, v, xt, yt, xx - yy, xy, tt and the energy: a factor; whether it shrinks with the scale, as flow does; and how. */
const SPREAD_GAIN = [6, 12, 6, 6, 2.5, 6, 5, 5];
const MOVES = [true, true, true, true, false, false, false, false];
const MOTION_GAIN = [1, 1.6, 2.6];

/** Sums of products of derivatives of one scale: frames [n * 5, h, 3 w] -> [n, 5 - gap, 12, 6 * 10]. */
function normalEquations(frames: tf.Tensor, gap = 1): tf.Tensor {
  const [all, h, row] = frames.shape;
  const [n, pairs] = [all / GROUP_FRAMES, GROUP_FRAMES - gap];
  const from = (first: number): tf.Tensor => {
    const grouped = tf.reshape(frames, [n, GROUP_FRAMES, h * row]);
    return tf.reshape(tf.slice(grouped, [0, first, 0], [n, pairs, h * row]), [n * pairs, h, row]);
  };
  const [before, later] = [from(0), from(gap)];
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
  return tf.reshape(sums, [n, pairs, FLOW_GRID.height, -1]);
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
 * What remains of the brightness change under a flow (u, v): xx u^2 + 2 xy u v + yy v^2 + 2 xt u + 2 yt v + tt, for the
 * flow of each action over `gap` frames at a scale; scale 0 halved the picture once.
 */
const HYPOTHESES = VIEWS.map(({ scale, gap }) =>
  hypothesesOf(FLOW_GRID, (flow) => {
    const [u, v] = [flow.u, flow.v].map((px) => (gap * px) / 2 ** (scale + 1));
    return [u * u, 2 * u * v, v * v, 2 * u, 2 * v, 1];
  }),
);

/** Sums [n, k, 12, 6 * 10] -> one row of sums for each of k or, of their mean, one: [m, cells, 6]. */
const perCell = (sums: tf.Tensor): tf.Tensor =>
  tf.reshape(tf.transpose(tf.reshape(sums, [-1, 6, FLOW_GRID.width]), [0, 2, 1]), [
    -1,
    FLOW_GRID.height * FLOW_GRID.width,
    6,
  ]);

/** Sums per cell in units of their noise. */
function inNoise(cells: tf.Tensor): tf.Tensor {
  const [xx, , yy] = tf.split(cells, 6, 2);
  return tf.div(cells, tf.add(tf.mul(tf.add(xx, yy), NOISE_SHARE), NOISE_FLOOR));
}

/** The energies of the latent in each view, and those of the steps in the first, by what the latent holds for outliers. */
function energiesOf(levels: tf.Tensor[], first: tf.Tensor): Pick<Features, "latent" | "steps"> {
  const verdicts = VIEWS.map(({ scale, gap }, i) => {
    const sums = i === 0 ? first : normalEquations(levels[scale], gap);
    return judge(inNoise(perCell(tf.mean(sums, 1))), HYPOTHESES[i]);
  });
  const steps = plainEnergies(weighted(inNoise(perCell(first)), verdicts[0].agreement), HYPOTHESES[0]);
  return {
    latent: tf.concat(
      verdicts.map(({ energies }) => energies),
      1,
    ) as tf.Tensor2D,
    steps: steps as tf.Tensor2D,
  };
}

/** Halved frames [n * 5, 24, 120] in 0..1 -> features; the grid is [n * 5, 12, 10, 24]. */
export function flowFeatures(frames: tf.Tensor): Features {
  const levels = [frames];
  for (let [h, w] = [HALF_HEIGHT, HALF_WIDTH]; levels.length < SCALES; [h, w] = [h / 2, w / 2]) {
    levels.push(onColumns(onRows(levels[levels.length - 1], halfScale(h)), perColour(halfScale(w))));
  }
  const sums = levels.map((level) => normalEquations(level));
  const maps = sums.flatMap((own, scale) => unitSpread(flowMaps(withLatent(own)), scale));
  return { grid: tf.concat(maps, 3) as tf.Tensor4D, ...energiesOf(levels, sums[0]) };
}

/** The flow alone of halved frames, in halved pixels: u and v of the finest scale, [n * 5, 12, 10]. For tests and plots. */
export function finestFlow(frames: tf.Tensor): { u: tf.Tensor; v: tf.Tensor } {
  const [u, v] = flowMaps(withLatent(normalEquations(frames)));
  const unbounded = (map: tf.Tensor): tf.Tensor => tf.mul(tf.atanh(tf.squeeze(map, [3])), REACH);
  return { u: unbounded(u), v: unbounded(v) };
}
