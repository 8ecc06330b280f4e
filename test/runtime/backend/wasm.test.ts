import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { type Backend, openBackend } from "../../../lib/runtime/backend/backend.ts";
import { missingNative } from "../../../lib/runtime/backend/native.ts";
import { Rng } from "../../../lib/util/rng.ts";

/** Of the largest value: the backends sum in different orders, in float32. */
const TOLERANCE = 1e-5;

const side = fc.integer({ min: 1, max: 9 });
const products = fc.record({
  batchA: fc.constantFrom([], [1], [3], [2, 3]),
  batchB: fc.constantFrom([], [1], [3], [2, 3]),
  m: side,
  k: side,
  n: side,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

function assertClose(actual: Float32Array, expected: Float32Array | number[]): void {
  assert.equal(actual.length, expected.length);
  const worst = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0);
  const largest = actual.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  assert.ok(worst <= TOLERANCE * largest, `differs by ${worst}`);
}

/** One matrix product by the definition, in double precision. */
function reference(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): number[] {
  const at = (x: tf.Tensor, transposed: boolean) => {
    const values = x.dataSync();
    const [rows, columns] = x.shape.slice(-2);
    return (batch: number, i: number, j: number) =>
      values[batch * rows * columns + (transposed ? j * columns + i : i * columns + j)];
  };
  const [left, right] = [at(a, transposeA), at(b, transposeB)];
  const [m, k] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const n = b.shape[b.rank - (transposeB ? 2 : 1)];
  const [batchA, batchB] = [a, b].map((x) => tf.util.sizeFromShape(x.shape.slice(0, -2)));
  const out: number[] = [];
  for (let batch = 0; batch < Math.max(batchA, batchB); batch++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) sum += left(batchA === 1 ? 0 : batch, i, l) * right(batchB === 1 ? 0 : batch, l, j);
        out.push(sum);
      }
    }
  }
  return out;
}

const random = (shape: number[], name: string): tf.Tensor =>
  tf.tensor(Rng.of(7, name).normals(tf.util.sizeFromShape(shape)), shape);

describe("backend/wasm", () => {
  let previous: Backend;

  before(async () => {
    previous = await openBackend();
    await openBackend({ prefer: "wasm" });
  });

  after(() => openBackend({ prefer: previous.name }));

  it("multiplies every layout of batches and transposes as the definition does", () => {
    const property = fc.property(products, ({ batchA, batchB, m, k, n, transposeA, transposeB }) => {
      // Two different batches broadcast only when one of them is a single matrix.
      fc.pre(batchA.length === batchB.length || batchA.length === 0 || batchB.length === 0);
      fc.pre(`${batchA}` === `${batchB}` || [batchA, batchB].some((batch) => tf.util.sizeFromShape([...batch]) === 1));
      tf.tidy(() => {
        const a = random([...batchA, ...(transposeA ? [k, m] : [m, k])], "a");
        const b = random([...batchB, ...(transposeB ? [n, k] : [k, n])], "b");
        const product = tf.matMul(a, b, transposeA, transposeB);
        assertClose(product.dataSync<"float32">(), reference(a, b, transposeA, transposeB));
      });
    });
    fc.assert(property, { numRuns: 200, seed: 1 });
  });

  it("multiplies by other shapes of the same weights, and by weights in the memory of disposed ones", () => {
    for (const name of ["first", "second"]) {
      tf.tidy(() => {
        const weights = random([4, 6], name);
        for (const rows of [4, 6, 4, 2]) {
          const [a, b] = [random([5, rows], "left"), weights.reshape([rows, 24 / rows])];
          const product = tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
          assertClose(product.dataSync<"float32">(), reference(a, b, false, false));
        }
      });
    }
  });

  const activations = { linear: tf.clone, relu: tf.relu, relu6: tf.relu6, elu: tf.elu, sigmoid: tf.sigmoid };
  for (const [name, apply] of Object.entries(activations)) {
    const activation = name as keyof typeof activations;
    it(`adds the bias and applies ${name} after a fused batched product`, () => {
      tf.tidy(() => {
        const [a, b, bias] = [random([3, 4, 5], "a"), random([3, 5, 2], "b"), random([2], "c")];
        const fused = tf.fused.matMul({ a: a as tf.Tensor3D, b: b as tf.Tensor3D, bias, activation });
        const expected = apply(tf.add(tf.matMul(a, b), bias));
        assertClose(fused.dataSync<"float32">(), expected.dataSync<"float32">());
      });
    });
  }

  it("has the operations that the package lacks, through the JavaScript backend", () => {
    tf.tidy(() => {
      const [a, b] = [random([2, 3, 4], "a"), random([2, 4, 5], "b")];
      const sum = tf.einsum("bij,bjk->bik", a, b);
      assertClose(sum.dataSync<"float32">(), tf.matMul(a, b).dataSync<"float32">());
      const segments = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([0, 1, 0, 2], "int32"), 3);
      assertClose(segments.dataSync<"float32">(), [4, 2, 4]);
    });
  });

  it("computes gradients of a gather, a convolution and an attention as the native library does", async function () {
    const library = (["native-gpu", "native"] as const).find((name) => !missingNative(name));
    if (!library || process.env.WORLDCOMPASS_BACKEND) return this.skip();
    const gradients = () =>
      tf.tidy(() => {
        const [x, w, table] = [random([2, 6, 6, 3], "x"), random([3, 3, 3, 4], "w"), random([5, 4], "table")];
        const loss = (filter: tf.Tensor, rows: tf.Tensor) => {
          const image = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, "same").reshape([2, 9, 4]);
          const queries = tf
            .gather(rows, tf.tensor1d([0, 4, 4, 1], "int32"))
            .expandDims(0)
            .tile([2, 1, 1]);
          const attention = tf.softmax(tf.matMul(queries, image, false, true));
          return tf.sum(tf.square(tf.matMul(attention, image))) as tf.Scalar;
        };
        return tf
          .grads(loss)([w, table])
          .map((gradient) => gradient.dataSync<"float32">());
      });
    const wasm = gradients();
    await openBackend({ prefer: library });
    const native = gradients();
    await openBackend({ prefer: "wasm" });
    for (const [i, gradient] of wasm.entries()) assertClose(gradient, native[i]);
  });

  it("keeps no memory beyond its results", () => {
    const step = () =>
      tf.tidy(() => {
        const [a, b] = [random([2, 4, 5], "a"), random([2, 3, 5], "b")];
        const product = tf.matMul(a, b, false, true);
        tf.fused.matMul({ a: a as tf.Tensor3D, b: b as tf.Tensor3D, transposeB: true, activation: "relu" });
        return tf.einsum("bij,bij->", product, product).dataSync()[0];
      });
    const held = () => (tf.backend() as unknown as { numDataIds(): number }).numDataIds();
    step();
    const before = held();
    step();
    assert.equal(held(), before);
  });
});
