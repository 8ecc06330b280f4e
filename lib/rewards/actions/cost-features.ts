/**
 * A cost volume: for every shift (dx, dy) the windowed mean of the squared difference between a frame and a shifted later one, as
 * its logarithm against the mean over shifts. The true motion shows as a dip, whatever the contrast.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { CameraModel } from "../../world/world.ts";
import { type ChannelChange, type FeatureDesign, forSets, gridOf } from "./features.ts";
import { half, pairsApart, softened } from "./pyramid.ts";
import { GROUP_FRAMES } from "./reading.ts";
import { onColumns, onRows, overColours, padded, perColour, windows } from "./separable.ts";

/** How often the pictures are halved, and frames between the two that are compared. */
const VIEWS = [
  { halved: 1, gap: 2 },
  { halved: 2, gap: 4 },
];
/** Shifts, in pixels of the halved pictures: 9 x 7. */
const REACH = { x: 4, y: 3 };
const [ACROSS, DOWN] = [2 * REACH.x + 1, 2 * REACH.y + 1];
const SHIFTS = ACROSS * DOWN;

const SIGMA = 0.5;
/** Squared differences below this (in units of white squared) are noise. */
const FLOOR = 1e-4;

/** Costs of one view, [n, rows, columns, shifts]. */
function costs(frames: tf.Tensor, gap: number, rows: number, columns: number): tf.Tensor {
  const [all, h, row] = frames.shape;
  const [n, pairs] = [all / GROUP_FRAMES, GROUP_FRAMES - gap];
  const margin = onColumns(onRows(frames, padded(h, REACH.y)), perColour(padded(row / 3, REACH.x)));
  const [before] = pairsApart(frames, gap);
  const [, later] = pairsApart(margin, gap);
  const across = overColours(windows(row / 3, columns, SIGMA));
  const pooled: tf.Tensor[] = [];
  for (let dy = 0; dy < DOWN; dy++)
    for (let dx = 0; dx < ACROSS; dx++) {
      const shifted = tf.slice(later, [0, dy, 3 * dx], [n * pairs, h, row]);
      pooled.push(onColumns(tf.squaredDifference(before, shifted), across));
    }
  const sums = onRows(tf.concat(pooled, 2), windows(h, rows, SIGMA));
  const mean = tf.mean(tf.reshape(sums, [n, pairs, rows, SHIFTS, columns]), 1);
  return tf.transpose(mean, [0, 1, 3, 2]);
}

/** Dips on a logarithmic scale, and the size. */
function dips(values: tf.Tensor): tf.Tensor {
  const all = tf.add(values, FLOOR);
  const mean = tf.mean(all, 3, true);
  return tf.concat([tf.tanh(tf.div(tf.log(tf.div(all, mean)), 2)), tf.tanh(tf.add(tf.mul(tf.log(mean), 0.2), 1))], 3);
}

/** Shifts to the left and to the right change places; the size stays. */
const MIRROR: ChannelChange = {
  from: [
    ...Array.from({ length: SHIFTS }, (_, i) => Math.floor(i / ACROSS) * ACROSS + (ACROSS - 1 - (i % ACROSS))),
    SHIFTS,
  ],
  sign: new Array<number>(SHIFTS + 1).fill(1),
};

export const COST: FeatureDesign = {
  name: "cost",
  channels: VIEWS.length * (SHIFTS + 1),
  mirror: forSets(VIEWS.length, MIRROR),
  features(frames: tf.Tensor, camera: CameraModel): tf.Tensor4D {
    const { rows, columns } = gridOf(camera);
    const sizes = [frames];
    while (sizes.length <= 2) sizes.push(half(sizes[sizes.length - 1]));
    const all = VIEWS.map(({ halved, gap }) => dips(costs(softened(sizes[halved], 1), gap, rows, columns)));
    return tf.concat(all, 3) as tf.Tensor4D;
  },
};
