import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { linear, reluSquared, rmsNorm, silu } from "../../../lib/model/nn/ops.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { lossAndGrads } from "../../../lib/training/optimiser/gradients.ts";
import { readGolden, uniforms } from "../../golden/golden.ts";
import { assertClose } from "./close.ts";

type Golden = Record<"rmsNorm" | "reluSquared" | "silu", { value: number[]; gradient: number[] }>;

/** Made by test/golden/make_golden.py with PyTorch. */
const golden = readGolden<Golden>("operations");

describe("operations", () => {
  before(async () => {
    await openBackend();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  for (const [name, operation] of Object.entries({ rmsNorm, reluSquared, silu }) as [
    keyof Golden,
    (x: tf.Tensor) => tf.Tensor,
  ][]) {
    it(`${name} and its gradient equal PyTorch's`, () => {
      const x = tf.tensor2d(uniforms(15, -2, 2, "operation", "x"), [3, 5]);
      const dy = tf.tensor2d(uniforms(15, -1, 1, "operation", "dy"), [3, 5]);
      assertClose(operation(x).dataSync(), golden[name].value, 1e-6);
      assertClose(tf.grad(operation)(x, dy).dataSync(), golden[name].gradient, 1e-6);
    });
  }

  it("rmsNorm of zeros is zero, and its gradient is finite", () => {
    const zeros = tf.zeros([2, 4]);
    assert.deepEqual([...rmsNorm(zeros).dataSync()], new Array(8).fill(0));
    assertClose(
      tf
        .grad(rmsNorm)(zeros, tf.ones([2, 4]))
        .dataSync(),
      new Array(8).fill(1000),
      1e-5,
    );
  });

  it("linear takes any rank, and a bias", () => {
    const weight = tf.tensor2d([1, 0, 2, 0, 1, 3], [2, 3]);
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]);
    const y = linear(x, weight, tf.tensor1d([10, 20, 30]));
    assert.deepEqual(y.shape, [1, 2, 1, 3]);
    assert.deepEqual([...y.dataSync()], [11, 22, 38, 13, 24, 48]);
  });
});

describe("lossAndGrads", () => {
  before(async () => {
    await openBackend();
  });

  it("gives the loss and a gradient by name", () => {
    const params = { a: tf.tensor1d([1, 2]), b: tf.scalar(3) };
    const { loss, grads } = lossAndGrads(({ a, b }) => tf.sum(tf.mul(tf.square(a), b)) as tf.Scalar, params);
    assert.equal(loss.dataSync()[0], 15);
    assert.deepEqual([...grads.a.dataSync()], [6, 12]);
    assert.deepEqual([...grads.b.dataSync()], [5]);
  });

  it("a loss that does not depend on a parameter is refused", () => {
    const params = { a: tf.scalar(1), unused: tf.scalar(2) };
    assert.throws(() => lossAndGrads(({ a }) => tf.square(a) as tf.Scalar, params), /Cannot compute gradient/);
  });
});
