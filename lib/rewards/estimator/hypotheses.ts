/**
 * How the picture would move under each of the 81 actions, if the world were its ground and a far sky, seen at each of
 * a few pitches. Solids break the assumption in places; the networks learn how much to trust it.
 */
import * as tf from "@tensorflow/tfjs-core";
import { ACTIONS, cameraAt, EYE_HEIGHT, FOCAL, HEIGHT, type Pose, stepPose, WIDTH } from "../../world/index.ts";

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

/** For every hypothesis (pitch, then action), the weights that its flow gives to each cell's values. */
export interface Hypotheses {
  readonly cells: number;
  /** Values of a cell. */
  readonly values: number;
  /** [405, cells * values]. */
  readonly rows: Float32Array;
  /** The same, transposed: [cells, values, 405]. */
  readonly columns: Float32Array;
}

/** @param weigh a cell's weights of its values, given the flow there */
export function hypothesesOf(grid: Grid, weigh: (flow: Flow) => number[]): Hypotheses {
  const flows = PITCHES.flatMap((pitch) =>
    Array.from({ length: ACTIONS }, (_, action) => expectedFlow(action, pitch, grid)),
  );
  const cells = grid.height * grid.width;
  const values = weigh(flows[0][0]).length;
  const width = cells * values;
  const [rows, columns] = [new Float32Array(width * HYPOTHESES), new Float32Array(width * HYPOTHESES)];
  flows.forEach((ofCells, h) => {
    for (const [cell, flow] of ofCells.entries()) rows.set(weigh(flow), h * width + cell * values);
    for (let i = 0; i < width; i++) columns[i * HYPOTHESES + h] = rows[h * width + i];
  });
  return { cells, values, rows, columns };
}

/** What is left over, in units of noise, where a cell starts to count as an outlier. */
const OUTLIER = 1;

export interface Verdict {
  /** [m, 81], see `againstOthers`. */
  readonly energies: tf.Tensor;
  /** [m, cells, 1]: how much each cell agrees with the best hypothesis, 1 for fully. */
  readonly agreement: tf.Tensor;
}

/**
 * Robust energies: sum over cells of log(1 + left-over), so that solids, which move otherwise, cost little more when
 * they disagree much.
 * @param evidence [m, cells, values] in units of noise; its products with the weights are left-overs
 */
export function judge(evidence: tf.Tensor, hypotheses: Hypotheses): Verdict {
  const { cells, values, rows, columns } = hypotheses;
  const byCell = tf.tensor3d(columns, [cells, values, HYPOTHESES]);
  const leftOver = tf.relu(tf.matMul(tf.transpose(evidence, [1, 0, 2]), byCell));
  const energies = tf.sum(tf.log(tf.add(leftOver, OUTLIER)), 0);
  const best = tf.reshape(tf.gather(tf.tensor2d(rows, [HYPOTHESES, cells * values]), tf.argMin(energies, 1)), [
    -1,
    cells,
    values,
  ]);
  const own = tf.relu(tf.sum(tf.mul(evidence, best), 2, true));
  return { energies: againstOthers(energies), agreement: tf.div(OUTLIER, tf.add(own, OUTLIER)) };
}

/** Energies without outliers: the plain sum of left-overs. @param evidence [m, cells, values] */
export function plainEnergies(evidence: tf.Tensor, { cells, values, rows }: Hypotheses): tf.Tensor {
  const weights = tf.tensor2d(rows, [HYPOTHESES, cells * values]);
  return againstOthers(tf.matMul(tf.reshape(evidence, [-1, cells * values]) as tf.Tensor2D, weights, false, true));
}

/** For every action its energy at its best pitch, against the other actions: zero mean and unit spread over the 81. */
function againstOthers(energies: tf.Tensor): tf.Tensor {
  const best = tf.min(tf.reshape(energies, [-1, PITCHES.length, ACTIONS]), 1);
  const centred = tf.sub(best, tf.mean(best, 1, true));
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), 1, true), 1e-8)));
}

/** The evidence of each of a group's steps, weighted by its latent's verdict: [n * steps, cells, v] x [n, cells, 1]. */
export function weighted(evidence: tf.Tensor, agreement: tf.Tensor): tf.Tensor {
  const [m, cells, values] = evidence.shape;
  const n = agreement.shape[0];
  const grouped = tf.reshape(evidence, [n, m / n, cells * values]);
  const weights = tf.reshape(tf.tile(agreement, [1, 1, values]), [n, 1, cells * values]);
  return tf.reshape(tf.mul(grouped, weights), [m, cells, values]);
}
