/**
 * The camera's motion within a latent by direct alignment (dense visual odometry: Kerl, Sturm & Cremers 2013). One motion a
 * frame, the same for all frames of the latent, moves the pixels of its middle frame, at their depths, to where they are seen in
 * the other four; found by Gauss-Newton steps on the robust difference of brightness, from coarse pictures to fine ones.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { CameraModel, StepSizes } from "../../world/world.ts";
import { flowOf, NEAR, pointsAt, type Rays, raysOf, seenAfter } from "./camera-motion.ts";
import { framesAt, softened } from "./pyramid.ts";
import { AXES } from "./reading.ts";
import { prepare, sample } from "./sampling.ts";
import { type AxisWeights, difference, onColumns, onRows, perColour, taps } from "./separable.ts";

/** The frame whose depths are known, and how many frames after it the others are. */
export const MIDDLE = 2;
const TIMES = [-2, -1, 1, 2];

export interface AlignConfig {
  /** From the coarsest: how many times smaller the pictures are, and Gauss-Newton steps. */
  readonly levels: readonly { readonly by: number; readonly steps: number }[];
  /** Binomial filters [1 2 1] / 4 over the pictures, both ways, before anything else. */
  readonly blur: number;
  /** Added to the diagonal of the normal equations, as a share of its mean: damps what the pictures do not show. */
  readonly damping: number;
}

export const ALIGN_DEFAULTS: AlignConfig = {
  levels: [
    { by: 4, steps: 8 },
    { by: 2, steps: 6 },
    { by: 1, steps: 4 },
  ],
  blur: 4,
  damping: 1e-4,
};

export interface Alignment {
  /** A frame's motion in steps: rightward, forward, yaw, pitch. [n, 4] */
  readonly motion: tf.Tensor;
  /** Normal equations of the finest level over the squared residuals' scale, [n, 4, 4]. */
  readonly information: tf.Tensor;
  /** Mean absolute difference that is left, in shares of white. [n] */
  readonly residual: tf.Tensor;
}

/** Residuals beyond about this many times their mean are outliers; and the share of white that is noise. */
const OUTLIER = 2.5;
const NOISE = 0.005;
/** Pixels nearer to the edge than this count as not seen. */
const MARGIN = 0.5;

const halved = (n: number): AxisWeights => taps(n, n / 2, 2, 0, [0.5, 0.5]);

/** Frames [m, h, 3 w] -> half as large, by means of 2 x 2. */
function half(frames: tf.Tensor): tf.Tensor {
  const [, h, row] = frames.shape;
  return onColumns(onRows(frames, halved(h)), perColour(halved(row / 3)));
}

/** Values [n, h, w] -> means of 2 x 2. */
const halfPlain = (values: tf.Tensor): tf.Tensor =>
  onColumns(onRows(values, halved(values.shape[1] as number)), halved(values.shape[2] as number));

/** One size of the group's pictures. */
interface Level {
  /** [n * 5, h, 3 w] */
  readonly frames: tf.Tensor;
  /** Inverse depths of the middle frame, [n, h, w]. */
  readonly nearness: tf.Tensor;
}

/** Everything of one level that does not depend on the motion. */
function prepareLevel(camera: CameraModel, step: StepSizes, { frames, nearness }: Level, rays: Rays, pitch: tf.Tensor) {
  const { width, height } = rays;
  const n = nearness.shape[0];
  const pixels = width * height;
  const depths = tf.div(1, tf.reshape(nearness, [n, pixels]));
  const points = pointsAt(camera, rays, depths, pitch);
  const reference = framesAt(frames, [MIDDLE]);
  const others = framesAt(
    frames,
    TIMES.map((time) => MIDDLE + time),
  );
  const gradients = [onColumns(reference, perColour(difference(width))), onRows(reference, difference(height))].map(
    (gradient) => tf.reshape(gradient, [n, pixels, 3, 1]),
  );
  const flows = flowOf(camera, step, rays, points, depths, pitch).map((flow) => tf.reshape(flow, [n, pixels, 1, AXES]));
  const jacobian = tf.add(tf.mul(gradients[0], flows[0]), tf.mul(gradients[1], flows[1]));
  return {
    rays,
    points,
    jacobian: tf.reshape(jacobian, [n, pixels * 3, AXES]),
    reference: tf.reshape(reference, [n, 1, pixels, 3]),
    others: prepare(tf.reshape(others, [-1, height, width, 3]) as tf.Tensor4D),
  };
}

/** 1 where a comparison holds. */
const where = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, "float32");
const between = (x: tf.Tensor, low: number, high: number): tf.Tensor =>
  tf.mul(where(tf.greater(x, low)), where(tf.less(x, high)));

/** Solves A x = b for positive definite A, [n, k, k] and [n, k, 1] -> [n, k], by Gauss-Jordan elimination. */
export function solve(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const k = a.shape[1] as number;
  let rows: tf.Tensor = tf.concat([a, b], 2);
  for (let i = 0; i < k; i++) {
    const column = tf.slice(rows, [0, 0, i], [-1, -1, 1]);
    const row = tf.slice(rows, [0, i, 0], [-1, 1, -1]);
    const pivot = tf.div(row, tf.slice(row, [0, 0, i], [-1, 1, 1]));
    const unit = tf.tensor3d([Array.from({ length: k }, (_, j) => [j === i ? 1 : 0])]);
    rows = tf.sub(rows, tf.mul(tf.sub(column, unit), pivot));
  }
  return tf.reshape(tf.slice(rows, [0, 0, k], [-1, -1, 1]), [-1, k]);
}

/** The normal equations at a motion: [n, 4, 4], [n, 4, 1], both over the number of pixels that count, and the mean residual. */
function normalEquations(
  camera: CameraModel,
  step: StepSizes,
  level: ReturnType<typeof prepareLevel>,
  pitch: tf.Tensor,
  motion: tf.Tensor,
) {
  const { rays, points, jacobian, reference, others } = level;
  const { width, height, focal } = rays;
  const [n, pixels] = [motion.shape[0], width * height];
  const times = tf.tensor3d([TIMES.map((time) => [time])]);
  const { across, upward, depth } = seenAfter(camera, step, points, pitch, motion, times);
  const x = tf.add(tf.mul(across, focal), width / 2 - 0.5);
  const y = tf.sub(height / 2 - 0.5, tf.mul(upward, focal));
  const shape = [n * TIMES.length, pixels];
  const found = sample(others, tf.reshape(x, shape), tf.reshape(y, shape));
  const residuals = tf.sub(tf.reshape(found, [n, TIMES.length, pixels, 3]), reference);
  const inside = tf.mul(between(x, MARGIN, width - 1 - MARGIN), between(y, MARGIN, height - 1 - MARGIN));
  const counted = tf.reshape(tf.mul(inside, where(tf.greater(depth, NEAR))), [n, TIMES.length, pixels, 1]);
  const sizes = tf.mul(tf.abs(residuals), counted);
  const mean = tf.div(tf.sum(sizes, [1, 2, 3], true), tf.add(tf.mul(tf.sum(counted, [1, 2, 3], true), 3), 1));
  const scale = tf.add(tf.mul(mean, OUTLIER), NOISE);
  const weights = tf.div(counted, tf.square(tf.add(tf.square(tf.div(residuals, scale)), 1)));
  const turns = tf.reshape(times, [1, TIMES.length, 1, 1]);
  const weighted = tf.mul(weights, turns);
  const square = tf.reshape(tf.sum(tf.mul(weighted, turns), 1), [n, pixels * 3, 1]);
  const linear = tf.reshape(tf.sum(tf.mul(weighted, residuals), 1), [n, pixels * 3, 1]);
  const total = tf.add(tf.sum(weights, [1, 2, 3], true), 1);
  const share = tf.reshape(total, [n, 1, 1]);
  return {
    matrix: tf.div(tf.matMul(jacobian, tf.mul(jacobian, square), true), share),
    vector: tf.div(tf.matMul(jacobian, linear, true), share),
    residual: tf.reshape(mean, [n]),
    counted: share,
  };
}

/** The normal equations with damping, so that they can be solved. */
function damped(matrix: tf.Tensor, damping: number): tf.Tensor {
  const unit = tf.eye(AXES);
  const mean = tf.mean(tf.sum(tf.mul(matrix, unit), 2), 1);
  return tf.add(matrix, tf.mul(unit, tf.reshape(tf.add(tf.mul(mean, damping), 1e-9), [-1, 1, 1])));
}

/**
 * @param frames [n * 5, height, 3 width], 0..1
 * @param depths of the middle frames in steps, [n, height, width]; @param pitches of theirs, radians, [n]
 */
export function align(
  camera: CameraModel,
  step: StepSizes,
  frames: tf.Tensor,
  depths: tf.Tensor,
  pitches: tf.Tensor,
  { levels, blur, damping }: AlignConfig = ALIGN_DEFAULTS,
): Alignment {
  const soft = softened(frames, blur);
  const sizes = new Map<number, Level>([[1, { frames: soft, nearness: tf.div(1, depths) }]]);
  for (let by = 1; by < levels[0].by; by *= 2) {
    const level = sizes.get(by) as Level;
    sizes.set(2 * by, { frames: half(level.frames), nearness: halfPlain(level.nearness) });
  }
  const pitch = tf.reshape(pitches, [-1, 1]);
  let motion: tf.Tensor = tf.zeros([pitches.shape[0] as number, AXES]);
  let last: ReturnType<typeof normalEquations> | undefined;
  for (const { by, steps } of levels) {
    const level = prepareLevel(camera, step, sizes.get(by) as Level, raysOf(camera, by), pitch);
    for (let i = 0; i < steps; i++) {
      last = normalEquations(camera, step, level, pitch, motion);
      motion = tf.sub(motion, solve(damped(last.matrix, damping), last.vector));
    }
  }
  if (!last) throw new Error("an alignment without steps");
  const variance = tf.square(tf.add(tf.reshape(last.residual, [-1, 1, 1]), NOISE));
  return {
    motion,
    information: tf.div(tf.mul(last.matrix, last.counted), variance),
    residual: last.residual,
  };
}
