/**
 * How the picture would move under each of the 81 actions, if the world were its ground and a far sky, seen at each of
 * a few pitches. Solids break the assumption in places; the networks learn how much to trust it.
 */
import * as tf from "@tensorflow/tfjs-core";
import { ACTIONS, cameraAt, EYE_HEIGHT, FOCAL, HEIGHT, type Pose, stepPose, WIDTH } from "../world/index.ts";

const DEGREE = Math.PI / 180;
/** Pitches at which the horizon is looked for; the nearest is at most 4 degrees, or 3 pixels, away. */
const PITCHES = [-16, -8, 0, 8, 16].map((degrees) => degrees * DEGREE);
/** What is farther than this, in world units, does not visibly move with translation. */
const FAR = 40;

export const HYPOTHESES = ACTIONS * PITCHES.length;

export interface Grid {
  readonly height: number;
  readonly width: number;
}

/** Motion of a point of the picture in one frame step, in pixels: u to the right, v downward. */
export interface Flow {
  readonly u: number;
  readonly v: number;
}

/** The pixel (from the picture's centre, y downward) where what is seen at `pixel` from `before` is seen from `later`. */
function moved([px, py]: readonly [number, number], before: Pose, later: Pose): readonly [number, number] {
  const camera = cameraAt(before);
  const ray = camera.forward.map((f, i) => f + (camera.right[i] * px - camera.up[i] * py) / FOCAL);
  const distance = ray[1] < 0 ? Math.min(FAR, EYE_HEIGHT / -ray[1]) : FAR;
  const next = cameraAt(later);
  const offset = ray.map((r, i) => camera.eye[i] + r * distance - next.eye[i]);
  const along = (axis: readonly number[]): number => offset.reduce((sum, o, i) => sum + o * axis[i], 0);
  const depth = along(next.forward);
  return [(FOCAL * along(next.right)) / depth, (-FOCAL * along(next.up)) / depth];
}

/** The motion at the centre of every cell, row by row, under `action` at `pitch`. */
export function expectedFlow(action: number, pitch: number, { height, width }: Grid): Flow[] {
  const before: Pose = { x: 0, z: 0, yaw: 0, pitch };
  const later = stepPose(before, action);
  return Array.from({ length: height * width }, (_, cell) => {
    const x = (((cell % width) + 0.5) * WIDTH) / width - WIDTH / 2;
    const y = ((Math.floor(cell / width) + 0.5) * HEIGHT) / height - HEIGHT / 2;
    const [nx, ny] = moved([x, y], before, later);
    return { u: nx - x, v: ny - y };
  });
}

/**
 * A matrix [cells * values, 5 * 81] whose columns add up, over the cells, what `weigh` makes of each hypothesis' flow.
 * @param weigh a cell's weights of its values, given the flow there
 */
export function hypothesisMatrix(grid: Grid, weigh: (flow: Flow) => number[]): Float32Array {
  const columns = PITCHES.flatMap((pitch) =>
    Array.from({ length: ACTIONS }, (_, action) => expectedFlow(action, pitch, grid).flatMap(weigh)),
  );
  const out = new Float32Array(columns.length * columns[0].length);
  columns.forEach((column, h) => {
    for (let i = 0; i < column.length; i++) out[i * HYPOTHESES + h] = column[i];
  });
  return out;
}

/**
 * For every action the energy at its best pitch, against the other actions: zero mean and unit spread over the 81.
 * @param values [m, cells * values]
 * @returns [m, 81]; lowest where the evidence is for the action
 */
export function actionEnergies(values: tf.Tensor, matrix: Float32Array): tf.Tensor {
  const weights = tf.tensor2d(matrix, [matrix.length / HYPOTHESES, HYPOTHESES]);
  const energies = tf.matMul(values as tf.Tensor2D, weights);
  const best = tf.min(tf.reshape(energies, [-1, PITCHES.length, ACTIONS]), 1);
  const centred = tf.sub(best, tf.mean(best, 1, true));
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), 1, true), 1e-8)));
}
