/** Pictures at places between their pixels. */
import * as tf from "@tensorflow/tfjs-core";

/** Pictures prepared for sampling: at every place the four pixels around it, so that one look-up finds them all. */
export interface Sampled {
  readonly width: number;
  readonly height: number;
  /** [m * (height - 1) * (width - 1), 4 * channels] */
  readonly corners: tf.Tensor2D;
  /** Number of the first place of each picture, [m, 1]. */
  readonly first: tf.Tensor;
}

/** @param pictures [m, height, width, c] */
export function prepare(pictures: tf.Tensor4D): Sampled {
  const [m, height, width, c] = pictures.shape;
  const corner = (y: number, x: number): tf.Tensor => tf.slice(pictures, [0, y, x, 0], [m, height - 1, width - 1, c]);
  const corners = tf.concat([corner(0, 0), corner(0, 1), corner(1, 0), corner(1, 1)], 3);
  const places = (height - 1) * (width - 1);
  return {
    width,
    height,
    corners: tf.reshape(corners, [m * places, 4 * c]) as tf.Tensor2D,
    first: tf.tensor2d(
      Array.from({ length: m }, (_, i) => i * places),
      [m, 1],
      "int32",
    ),
  };
}

/**
 * Bilinear interpolation; places outside are held at the edge.
 * @param x,y [m, p] pixels, 0 at the first pixel's centre
 * @returns [m, p, c]
 */
export function sample({ width, height, corners, first }: Sampled, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const [m, p] = x.shape;
  const c = corners.shape[1] / 4;
  const [heldX, heldY] = [tf.clipByValue(x, 0, width - 1), tf.clipByValue(y, 0, height - 1)];
  const [ix, iy] = [cell(heldX, width), cell(heldY, height)];
  const place = tf.add(tf.add(tf.mul(iy, tf.scalar(width - 1, "int32")), ix), first);
  const found = tf.reshape(tf.gather(corners, tf.reshape(place, [m * p])), [m, p, 2, 2 * c]);
  const fx = tf.reshape(tf.sub(heldX, tf.cast(ix, "float32")), [m, p, 1]);
  const fy = tf.reshape(tf.sub(heldY, tf.cast(iy, "float32")), [m, p, 1]);
  const between = (a: tf.Tensor, b: tf.Tensor, f: tf.Tensor): tf.Tensor => tf.add(a, tf.mul(tf.sub(b, a), f));
  const [top, bottom] = tf.unstack(found, 2);
  const column = between(top, bottom, fy);
  const [left, right] = tf.split(column, 2, 2);
  return between(left, right, fx);
}

/** Whole numbers from 0 to n - 2, also while a graph is recorded and the places are not numbers. */
const cell = (at: tf.Tensor, n: number): tf.Tensor =>
  tf.maximum(tf.minimum(tf.cast(tf.floor(at), "int32"), tf.scalar(n - 2, "int32")), tf.scalar(0, "int32"));
