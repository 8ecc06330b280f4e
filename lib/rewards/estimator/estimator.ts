/** A trained action estimator as a value: from five frames to what the camera did in each of four frame steps. */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../model/nn/params.ts";
import { loadPublished } from "../../model/nn/published.ts";
import { type CompiledFunction, compile } from "../../runtime/backend/compile.ts";
import { actionOf } from "../../world/index.ts";
import {
  countGroups,
  GROUP_BYTES,
  GROUP_FRAMES,
  GROUP_STEPS,
  HALF_GROUP,
  HALF_HEIGHT,
  HALF_ROW,
  HALF_WHITE,
  halve,
} from "./groups.ts";
import { CLASSES, headLogits } from "./head.ts";
import { DESIGNS, type EstimatorKind, estimatorSpec } from "./kinds.ts";

export interface Estimator {
  readonly kind: EstimatorKind;
  /** SHA-256 of the weights. */
  readonly sha256: string;
  /** Halved frames [n * 5, 24, 120] in 0..1, n always BATCH -> probabilities [n * 4, 9] of each axis. */
  readonly predict: (frames: tf.Tensor) => [translation: tf.Tensor, rotation: tf.Tensor];
}

/** What the camera did, for n groups of four frame steps. */
export interface StepEstimates {
  /** [n * 4 * 9] probabilities. */
  readonly translation: Float32Array;
  readonly rotation: Float32Array;
  /** [n * 4], the most probable action, 9 * translation + rotation. */
  readonly labels: Int32Array;
}

/** Groups of one call of the network; smaller batches are filled up with black frames. */
export const BATCH = 32;

export function makeEstimator(kind: EstimatorKind, params: Params, sha256: string): Estimator {
  const { features } = DESIGNS[kind];
  const network = (p: Params, frames: tf.Tensor): [tf.Tensor, tf.Tensor] => {
    const [translation, rotation] = tf.split(headLogits(p, features(frames)), 2, 1);
    return [tf.softmax(translation), tf.softmax(rotation)];
  };
  const run: CompiledFunction<[Params, tf.Tensor], [tf.Tensor, tf.Tensor]> = compile(network, {
    name: `${kind} estimator`,
  });
  return { kind, sha256, predict: (frames) => run(params, frames) };
}

/** The shipped estimator. @throws UserError if the checkpoint is missing or damaged */
export function loadEstimator(kind: EstimatorKind, dir = `checkpoints/estimator-${kind}`): Estimator {
  const { params, sha256 } = loadPublished(dir, estimatorSpec(kind));
  return makeEstimator(kind, params, sha256);
}

/**
 * @param groups [n, 5, 48, 80, 3] bytes, see groupsOfVideo
 * @throws UserError on any other size
 */
export function estimateSteps(estimator: Estimator, groups: Uint8Array): StepEstimates {
  const n = countGroups(groups);
  const size = n * GROUP_STEPS * CLASSES;
  const [translation, rotation] = [new Float32Array(size), new Float32Array(size)];
  for (let first = 0; first < n; first += BATCH) {
    const count = Math.min(BATCH, n - first);
    const part = groups.subarray(first * GROUP_BYTES, (first + count) * GROUP_BYTES);
    const both = predictBatch(estimator, part);
    const end = count * GROUP_STEPS * CLASSES;
    translation.set(both[0].subarray(0, end), first * GROUP_STEPS * CLASSES);
    rotation.set(both[1].subarray(0, end), first * GROUP_STEPS * CLASSES);
  }
  return { translation, rotation, labels: labelsOf(translation, rotation) };
}

function predictBatch(estimator: Estimator, groups: Uint8Array): Float32Array[] {
  const values = new Float32Array(BATCH * HALF_GROUP);
  halve(groups).forEach((sum, i) => {
    values[i] = sum / HALF_WHITE;
  });
  const frames = tf.tensor(values, [BATCH * GROUP_FRAMES, HALF_HEIGHT, HALF_ROW]);
  const outputs = estimator.predict(frames);
  const both = outputs.map((t) => t.dataSync() as Float32Array);
  tf.dispose([frames, outputs]);
  return both;
}

/** The most probable action of every step. @param translation,rotation [m * 9] */
export function labelsOf(translation: Float32Array, rotation: Float32Array): Int32Array {
  const best = (values: Float32Array, step: number): number => {
    let top = 0;
    for (let c = 1; c < CLASSES; c++) if (values[step * CLASSES + c] > values[step * CLASSES + top]) top = c;
    return top;
  };
  return Int32Array.from({ length: translation.length / CLASSES }, (_, i) =>
    actionOf(best(translation, i), best(rotation, i)),
  );
}
