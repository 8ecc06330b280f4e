import * as tf from "@tensorflow/tfjs-core";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { compile } from "../../../lib/runtime/backend/compile.ts";
import { listTensors } from "../../../lib/runtime/backend/tensor-tree.ts";
import { assertClose, normal } from "./compile-fixtures.ts";

type X = tf.Tensor;

/** Each takes a [2, 4, 4, 3] tensor of normals. */
const OPERATIONS: Record<string, (x: X) => X | X[]> = {
  arithmetic: (x) => tf.div(tf.sub(tf.mul(x, 2), 1), tf.add(tf.abs(x), 1)),
  powers: (x) => tf.pow(tf.add(tf.square(x), 1), -0.5),
  exponentials: (x) => [tf.exp(x), tf.log(tf.add(tf.exp(x), 1)), tf.erf(x), tf.softplus(x)],
  trigonometry: (x) => [tf.sin(x), tf.cos(x), tf.atan2(x, tf.add(x, 1))],
  activations: (x) => [tf.relu(x), tf.sigmoid(x), tf.tanh(x), tf.elu(x), tf.leakyRelu(x), tf.clipByValue(x, -1, 1)],
  comparisons: (x) => [
    tf.where(tf.greater(x, 0), x, tf.zerosLike(x)),
    tf.maximum(x, 0.5),
    tf.cast(tf.less(x, 0), "float32"),
  ],
  reductions: (x) => [tf.sum(x), tf.mean(x, [1, 2]), tf.max(x, -1), tf.min(x, 0), tf.prod(x, 3), tf.cumsum(x, 1)],
  "arg reductions": (x) => [tf.argMax(x, -1), tf.argMin(x, 1)],
  softmax: (x) => [tf.softmax(x), tf.logSoftmax(x), tf.logSumExp(x, -1)],
  "moving parts": (x) => [
    tf.slice(x, [0, 1, 0, 1], [2, 2, 4, 2]),
    tf.stridedSlice(x, [0, 0], [2, 4], [1, 2]),
    tf.reverse(x, 1),
  ],
  joining: (x) => [tf.concat([x, x], 3), tf.stack([x, x], 1), ...tf.split(x, 2, 1), ...tf.unstack(x, 3)],
  layout: (x) => [
    tf.transpose(x, [0, 3, 1, 2]),
    tf.pad(x, [
      [0, 0],
      [1, 2],
      [0, 0],
      [0, 1],
    ]),
    tf.tile(x, [1, 2, 1, 1]),
  ],
  "space to depth": (x) => tf.depthToSpace(tf.concat4d([x, x, x, x] as tf.Tensor4D[], 3), 2),
  gathering: (x) => tf.gather(x, tf.tensor1d([1, 0, 1], "int32"), 2),
  "one-hot": (x) => tf.oneHot(tf.cast(tf.abs(x), "int32"), 4),
  "matrix products": (x) => [tf.matMul(x, x, true), tf.matMul(x, x, false, true), tf.einsum("bijc,bkjc->bik", x, x)],
  convolutions: (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([3, 3, 3, 2]), 1, "same"),
  pooling: (x) => [tf.avgPool(x as tf.Tensor4D, 2, 2, "valid"), tf.maxPool(x as tf.Tensor4D, 2, 2, "valid")],
  resizing: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 8]),
  "linear maps with bias": (x) =>
    tf.fused.matMul({
      a: tf.reshape(x, [32, 3]) as tf.Tensor2D,
      b: tf.ones([3, 5]),
      bias: tf.ones([5]),
      activation: "relu",
    }),
  gradients: (x) =>
    tf.grads((a: X, b: X) => tf.sum(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same")))([
      x,
      tf.ones([3, 3, 3, 2]),
    ]),
  "gradients of rearrangements": (x) =>
    tf.grad((a) =>
      tf.sum(
        tf.square(
          tf.gather(
            tf.transpose(
              tf.pad(a, [
                [0, 0],
                [1, 1],
                [0, 0],
                [0, 0],
              ]),
            ),
            tf.tensor1d([0, 0], "int32"),
          ),
        ),
      ),
    )(x),
};

describe("backend/compile: operations", function () {
  this.timeout(20_000);
  before(async function () {
    const { name } = await openBackend();
    if (name === "wasm") this.skip();
  });

  for (const [name, operation] of Object.entries(OPERATIONS)) {
    it(`computes ${name} as the plain functions do`, () => {
      const compiled = compile(operation, { name });
      tf.tidy(() => {
        const shape = [2, 4, 4, 3];
        compiled(tf.ones(shape));
        const x = tf.tensor(normal(shape, name), shape);
        assertClose(listTensors(compiled(x)).tensors, listTensors(operation(x)).tensors, 1e-5);
      });
      compiled.dispose();
    });
  }
});
