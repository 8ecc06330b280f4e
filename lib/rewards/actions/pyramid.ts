/** Frames [m, h, 3 w] at smaller sizes, and pairs of a group's frames. */
import * as tf from "@tensorflow/tfjs-core";
import { GROUP_FRAMES } from "./reading.ts";
import { type AxisWeights, after, halfScale, onColumns, onRows, perColour, smooth } from "./separable.ts";

/** Half as large, by the binomial filter [1 3 3 1] / 8. */
export function half(frames: tf.Tensor): tf.Tensor {
  const [, h, row] = frames.shape;
  return onColumns(onRows(frames, halfScale(h)), perColour(halfScale(row / 3)));
}

const repeated = (axis: AxisWeights, times: number): AxisWeights =>
  times <= 1 ? axis : after(axis, repeated(axis, times - 1));

/** Smoothed `times` times by [1 2 1] / 4, both ways. */
export function softened(frames: tf.Tensor, times: number): tf.Tensor {
  const [, h, row] = frames.shape;
  return onColumns(onRows(frames, repeated(smooth(h), times)), perColour(repeated(smooth(row / 3), times)));
}

/** Frames at some places of their groups: [n * 5, h, 3 w] -> [n * places, h, 3 w]. */
export function framesAt(frames: tf.Tensor, places: readonly number[]): tf.Tensor {
  const [all, h, row] = frames.shape;
  const grouped = tf.reshape(frames, [all / GROUP_FRAMES, GROUP_FRAMES, h * row]);
  const parts = places.map((place) => tf.slice(grouped, [0, place, 0], [-1, 1, -1]));
  return tf.reshape(tf.concat(parts, 1), [-1, h, row]);
}

/** All pairs of a group's frames `gap` apart: the earlier ones and the later ones, [n * (5 - gap), h, 3 w] each. */
export function pairsApart(frames: tf.Tensor, gap: number): [before: tf.Tensor, later: tf.Tensor] {
  const places = Array.from({ length: GROUP_FRAMES - gap }, (_, i) => i);
  return [
    framesAt(frames, places),
    framesAt(
      frames,
      places.map((place) => place + gap),
    ),
  ];
}
