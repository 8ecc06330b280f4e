/** A small transformer block with every kind of operation that training uses, its gradients and AdamW. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { mapEntries, type Params } from "../../../lib/model/nn/params.ts";
import { lossAndGrads } from "../../../lib/training/optimiser/gradients.ts";
import { Rng } from "../../../lib/util/rng.ts";

const WIDTH = 8;
const TOKENS = 6;

/** Large, so that AdamW's division does not magnify the rounding of gradients near zero. */
const EPSILON = 1e-2;

export const normal = (shape: number[], ...key: string[]): Float32Array =>
  Rng.of(1, ...key).normals(shape.reduce((a, b) => a * b, 1));

const tensor = (shape: number[], key: string): tf.Tensor => tf.mul(tf.tensor(normal(shape, key), shape), 0.5);

export interface Batch {
  rows: tf.Tensor1D;
  target: tf.Tensor;
  step: tf.Scalar;
}

export function trainingStepInputs(): [Params, Params, Batch] {
  const params: Params = {
    embedding: tensor([10, WIDTH], "embedding"),
    gain: tf.ones([WIDTH]),
    query: tensor([WIDTH, WIDTH], "query"),
    up: tensor([WIDTH, 2 * WIDTH], "up"),
    down: tensor([2 * WIDTH, WIDTH], "down"),
  };
  const moments = Object.fromEntries(
    Object.entries(params).flatMap(([name, p]) => ["m", "v"].map((moment) => [`${name}.${moment}`, tf.zerosLike(p)])),
  );
  const rows = tf.tensor1d([3, 1, 4, 1, 5, 9], "int32");
  return [params, moments, { rows, target: tensor([TOKENS, WIDTH], "target"), step: tf.scalar(1) }];
}

/** @returns new parameters, new moments and the loss */
export function trainingStep(
  params: Params,
  moments: Params,
  { rows, target, step }: Batch,
): [Params, Params, tf.Scalar] {
  const { loss, grads } = lossAndGrads(
    (p) => tf.mean(tf.square(tf.sub(block(p, rows), target))) as tf.Scalar,
    mapEntries(params, (p) => p),
  );
  const nextMoments: Params = {};
  const nextParams = mapEntries(params, (p, name) => {
    const m = tf.add(tf.mul(moments[`${name}.m`], 0.9), tf.mul(grads[name], 0.1));
    const v = tf.add(tf.mul(moments[`${name}.v`], 0.95), tf.mul(tf.square(grads[name]), 0.05));
    Object.assign(nextMoments, { [`${name}.m`]: m, [`${name}.v`]: v });
    const [mean, square] = [tf.div(m, tf.sub(1, tf.pow(0.9, step))), tf.div(v, tf.sub(1, tf.pow(0.95, step)))];
    return tf.sub(p, tf.mul(0.01, tf.div(mean, tf.add(tf.sqrt(square), EPSILON))));
  });
  return [nextParams, nextMoments, loss];
}

function block({ embedding, gain, query, up, down }: Params, rows: tf.Tensor1D): tf.Tensor {
  const x = tf.gather(embedding, rows);
  const { mean, variance } = tf.moments(x, -1, true);
  const normed = tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-6))), gain);
  const heads = tf.transpose(tf.reshape(tf.matMul(normed, query), [TOKENS, 2, WIDTH / 2]), [1, 0, 2]);
  const weights = tf.softmax(tf.matMul(heads, heads, false, true));
  const mixed = tf.reshape(tf.transpose(tf.matMul(weights, heads), [1, 0, 2]), [TOKENS, WIDTH]);
  const [gate, value] = tf.split(tf.matMul(tf.add(x, mixed), up), 2, 1);
  const hidden = tf.concat([tf.mul(gate, tf.sigmoid(gate)), tf.tanh(value)], 1);
  return tf.add(x, tf.matMul(hidden, down));
}

/** Equal to `tolerance` relative to each tensor's root mean square. */
export function assertClose(actual: tf.Tensor[], expected: tf.Tensor[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((tensor, i) => {
    assert.deepEqual(tensor.shape, expected[i].shape);
    const [a, b] = [tensor.dataSync<"float32">(), expected[i].dataSync<"float32">()];
    const scale = Math.sqrt(b.reduce((sum, x) => sum + x * x, 0) / b.length) || 1;
    const worst = a.reduce((max, x, j) => Math.max(max, Math.abs(x - b[j]) / scale), 0);
    assert.ok(worst <= tolerance, `tensor ${i} [${tensor.shape}] differs by ${worst} of its scale`);
  });
}
