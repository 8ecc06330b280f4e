/**
 * Optical flow by least squares (Lucas & Kanade 1981) at three sizes of the pictures, between frames one, two and four apart.
 * In a window, the flow (u, v) solves [xx xy; xy yy] (u, v) = -(xt, yt), where for example xy is the windowed sum over pixels,
 * colours and pairs of frames of the products of the derivatives in x and y. What the flow is worth stands beside it.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { CameraModel } from "../../world/world.ts";
import { type FeatureDesign, forSets, gridOf } from "./features.ts";
import { half, pairsApart } from "./pyramid.ts";
import { GROUP_FRAMES } from "./reading.ts";
import { difference, onColumns, onRows, overColours, perColour, smooth, windows } from "./separable.ts";

/** How often the pictures are halved, and frames between the two that are compared. */
const VIEWS = [
  { halved: 1, gap: 1 },
  { halved: 1, gap: 2 },
  { halved: 2, gap: 1 },
  { halved: 2, gap: 2 },
  { halved: 2, gap: 4 },
  { halved: 3, gap: 2 },
  { halved: 3, gap: 4 },
];
/** Flow to the right and down; the same as the picture's change alone says; contrast's direction twice; what is left; and contrast. */
const PER_VIEW = 8;

/** Standard deviation of a window, in cells. */
const SIGMA = 0.5;
/** The share of the gradient energy and the constant that keep the flow small where nothing is to be seen. */
const RIDGE = 0.03;
const FLOOR = 2e-4;
/** Flows are bounded softly at this many pixels of their size. */
const REACH = 1;
/** Brings small numbers to about unit spread, as measured on recordings. */
const GAIN = 3;

type Sums = readonly tf.Tensor[];

/** Windowed sums of products of derivatives (xx, xy, yy, xt, yt, tt), [n, rows, columns] each. */
function normalEquations(frames: tf.Tensor, gap: number, rows: number, columns: number): Sums {
  const [all, h, row] = frames.shape;
  const [n, pairs] = [all / GROUP_FRAMES, GROUP_FRAMES - gap];
  const [before, later] = pairsApart(frames, gap);
  const middle = tf.div(tf.add(before, later), 2);
  const [alongRow, alongColumn] = [perColour(smooth(row / 3)), smooth(h)];
  const x = onColumns(onRows(middle, alongColumn), perColour(difference(row / 3)));
  const y = onColumns(onRows(middle, difference(h)), alongRow);
  const t = onColumns(onRows(tf.sub(later, before), alongColumn), alongRow);
  const products = [tf.square(x), tf.mul(x, y), tf.square(y), tf.mul(x, t), tf.mul(y, t), tf.square(t)];
  const across = overColours(windows(row / 3, columns, SIGMA));
  return products.map((product) => {
    const pooled = onRows(onColumns(product, across), windows(h, rows, SIGMA));
    return tf.mean(tf.reshape(pooled, [n, pairs, rows, columns]), 1);
  });
}

/** What a view's sums say, eight maps [n, rows, columns]. */
function maps([xx, xy, yy, xt, yt, tt]: Sums): tf.Tensor[] {
  const energy = tf.add(tf.add(xx, yy), FLOOR);
  const ridge = tf.mul(energy, RIDGE);
  const [a, d] = [tf.add(xx, ridge), tf.add(yy, ridge)];
  const determinant = tf.sub(tf.mul(a, d), tf.square(xy));
  const u = tf.div(tf.sub(tf.mul(xy, yt), tf.mul(d, xt)), determinant);
  const v = tf.div(tf.sub(tf.mul(xy, xt), tf.mul(a, yt)), determinant);
  const bounded = (flow: tf.Tensor): tf.Tensor => tf.tanh(tf.div(flow, REACH));
  const share = (sum: tf.Tensor, gain: number): tf.Tensor => tf.tanh(tf.div(tf.mul(sum, gain), energy));
  const contrast = tf.tanh(tf.add(tf.mul(tf.log(energy), 0.2), 0.8));
  return [
    bounded(u),
    bounded(v),
    share(xt, GAIN),
    share(yt, GAIN),
    share(tf.sub(xx, yy), 1),
    share(xy, 2),
    share(tt, 1),
    contrast,
  ];
}

export const FLOW: FeatureDesign = {
  name: "flow",
  channels: VIEWS.length * PER_VIEW,
  mirror: forSets(VIEWS.length, { from: [0, 1, 2, 3, 4, 5, 6, 7], sign: [-1, 1, -1, 1, 1, -1, 1, 1] }),
  reverse: forSets(VIEWS.length, { from: [0, 1, 2, 3, 4, 5, 6, 7], sign: [-1, -1, -1, -1, 1, 1, 1, 1] }),
  features(frames: tf.Tensor, camera: CameraModel): tf.Tensor4D {
    const { rows, columns } = gridOf(camera);
    const sizes = [frames];
    while (sizes.length <= 3) sizes.push(half(sizes[sizes.length - 1]));
    const all = VIEWS.flatMap(({ halved, gap }) => maps(normalEquations(sizes[halved], gap, rows, columns)));
    return tf.stack(all, 3) as tf.Tensor4D;
  },
};
