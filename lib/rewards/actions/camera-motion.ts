/**
 * How points that a camera sees move when it carries out a part of an action: forward and to the right (both level), a turn
 * about the vertical, a look up or down. Every world's camera has these four axes and no other. Units are the steps of the
 * world: translation in its steps, depth too.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { CameraModel, StepSizes } from "../../world/world.ts";
import { AXES } from "./reading.ts";

/** Rays of the pixels of a picture of this size, one row after the other: to the right and upward, per unit of depth. */
export interface Rays {
  readonly width: number;
  readonly height: number;
  /** Focal length in pixels of this size. */
  readonly focal: number;
  /** [1, pixels] */
  readonly across: tf.Tensor;
  readonly upward: tf.Tensor;
}

/** @param by the picture is so many times smaller than the camera's */
export function raysOf({ width, height, focal }: CameraModel, by: number): Rays {
  const [w, h, f] = [width / by, height / by, focal / by];
  const pixels = Array.from({ length: w * h }, (_, i) => i);
  return {
    width: w,
    height: h,
    focal: f,
    across: tf.tensor2d([pixels.map((i) => ((i % w) + 0.5 - w / 2) / f)]),
    upward: tf.tensor2d([pixels.map((i) => -(Math.floor(i / w) + 0.5 - h / 2) / f)]),
  };
}

/** Points on level axes through the camera (rightward, up, forward along the ground), [n, pixels] each. */
export interface Points {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly z: tf.Tensor;
}

/** @param depths [n, pixels] along the forward axis; @param pitch [n, 1] radians */
export function pointsAt({ pitch: model }: CameraModel, rays: Rays, depths: tf.Tensor, pitch: tf.Tensor): Points {
  const { across, upward } = rays;
  const x = tf.mul(across, depths);
  if (model === "shears") return { x, y: tf.mul(tf.add(upward, tf.tan(pitch)), depths), z: depths };
  const [s, c] = [tf.sin(pitch), tf.cos(pitch)];
  return {
    x,
    y: tf.mul(tf.add(tf.mul(upward, c), s), depths),
    z: tf.mul(tf.sub(c, tf.mul(upward, s)), depths),
  };
}

/** Where points are seen, per unit of depth, and how deep; [n, k, pixels] each. */
export interface SeenPoints {
  readonly across: tf.Tensor;
  readonly upward: tf.Tensor;
  readonly depth: tf.Tensor;
}

/**
 * Where the points are seen after `times` frames of a motion; minus one is a frame before.
 * @param motion [n, 4] a frame: rightward, forward, yaw, pitch in steps; @param times [1, k, 1]; @param pitch [n, 1]
 */
export function seenAfter(
  { pitch: model }: CameraModel,
  step: StepSizes,
  points: Points,
  pitch: tf.Tensor,
  motion: tf.Tensor,
  times: tf.Tensor,
): SeenPoints {
  const [rightward, forward, yaw, up] = tf
    .split(motion, AXES, 1)
    .map((axis) => tf.mul(tf.reshape(axis, [-1, 1, 1]), times));
  const turn = tf.mul(yaw, step.yaw);
  // As actions do, the way follows the heading halfway through the turn.
  const half = tf.div(turn, 2);
  const [hs, hc, s, c] = [tf.sin(half), tf.cos(half), tf.sin(turn), tf.cos(turn)];
  const wide = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [t.shape[0], 1, -1]);
  const x = tf.sub(wide(points.x), tf.add(tf.mul(rightward, hc), tf.mul(forward, hs)));
  const z = tf.sub(wide(points.z), tf.sub(tf.mul(forward, hc), tf.mul(rightward, hs)));
  const [turnedX, turnedZ] = [tf.sub(tf.mul(x, c), tf.mul(z, s)), tf.add(tf.mul(x, s), tf.mul(z, c))];
  const look = tf.add(wide(pitch), tf.mul(up, step.pitch));
  if (model === "shears") {
    const depth = tf.maximum(turnedZ, NEAR);
    const upward = tf.sub(tf.div(wide(points.y), depth), tf.tan(look));
    return { across: tf.div(turnedX, depth), upward, depth: turnedZ };
  }
  const [ls, lc] = [tf.sin(look), tf.cos(look)];
  const ahead = tf.add(tf.mul(wide(points.y), ls), tf.mul(turnedZ, lc));
  const depth = tf.maximum(ahead, NEAR);
  const upward = tf.div(tf.sub(tf.mul(wide(points.y), lc), tf.mul(turnedZ, ls)), depth);
  return { across: tf.div(turnedX, depth), upward, depth: ahead };
}

/** Nearer than this, in steps, nothing is projected. */
export const NEAR = 0.3;

/**
 * How fast the pixels move at the beginning of a motion along each axis, in pixels per step: rightward and downward,
 * [n, pixels, 4] each.
 */
export function flowOf(
  { pitch: model }: CameraModel,
  step: StepSizes,
  { across, upward, focal }: Rays,
  points: Points,
  depths: tf.Tensor,
  pitch: tf.Tensor,
): [right: tf.Tensor, down: tf.Tensor] {
  const near = tf.div(1, depths);
  const zero = tf.zerosLike(depths);
  const full = (t: tf.Tensor): tf.Tensor => tf.add(zero, t);
  const turn = { dx: tf.mul(points.z, -step.yaw), dz: tf.mul(points.x, step.yaw) };
  const sheared = model === "shears";
  const [s, c] = sheared ? [tf.tan(pitch), tf.onesLike(pitch)] : [tf.sin(pitch), tf.cos(pitch)];
  /** Of a point that moves by dx and dz on level axes. */
  const moving = (dx: tf.Tensor, dz: tf.Tensor): [tf.Tensor, tf.Tensor] => {
    const deeper = tf.mul(dz, c);
    const u = tf.mul(tf.sub(dx, tf.mul(across, deeper)), near);
    const height = sheared ? tf.mul(tf.add(upward, s), dz) : tf.add(tf.mul(upward, deeper), tf.mul(dz, s));
    return [u, tf.neg(tf.mul(height, near))];
  };
  const one = tf.onesLike(depths);
  const looking: [tf.Tensor, tf.Tensor] = sheared
    ? [zero, full(tf.div(-step.pitch, tf.square(tf.cos(pitch))))]
    : [full(tf.mul(tf.mul(across, upward), -step.pitch)), full(tf.mul(tf.add(tf.square(upward), 1), -step.pitch))];
  const axes = [moving(tf.neg(one), zero), moving(zero, tf.neg(one)), moving(turn.dx, turn.dz), looking];
  const stacked = (i: 0 | 1, sign: number): tf.Tensor =>
    tf.mul(
      tf.stack(
        axes.map((axis) => axis[i]),
        2,
      ),
      sign * focal,
    );
  return [stacked(0, 1), stacked(1, -1)];
}
