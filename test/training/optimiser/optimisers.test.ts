import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { ADAMW_DEFAULTS, adamwInit, adamwStep } from "../../../lib/training/optimiser/adamw.ts";
import { MUON_DEFAULTS, muonInit, muonStep, orthogonalise } from "../../../lib/training/optimiser/muon.ts";
import {
  globalNorm,
  initOptimiser,
  OPTIMISER_DEFAULTS,
  optimiserStep,
} from "../../../lib/training/optimiser/optimiser.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { readGolden, uniforms } from "../../golden/golden.ts";
import { assertClose } from "../../model/nn/close.ts";

interface Path {
  shape: [number, number];
  path: number[][];
}

/** Made by test/golden/make_golden.py with torch.optim.AdamW and torch.optim.Muon. */
const golden = readGolden<{ adamw: Path; muonWide: Path; muonTall: Path }>("optimisers");

type Step = (
  param: tf.Tensor,
  grad: tf.Tensor,
  state: Params,
  lr: tf.Scalar,
  step: tf.Scalar,
) => { param: tf.Tensor; state: Params };

/** Follows the golden path: five steps with learning rates 0.02, 0.04, ... */
function follow({ shape, path }: Path, name: string, init: (param: tf.Tensor) => Params, step: Step): void {
  const size = shape[0] * shape[1];
  const draw = (key: string | number): tf.Tensor => tf.tensor2d(uniforms(size, -1, 1, "optimiser", name, key), shape);
  let param = draw("start");
  let state = init(param);
  path.forEach((expected, i) => {
    ({ param, state } = step(param, draw(i), state, tf.scalar(0.02 * (i + 1)), tf.scalar(i + 1)));
    assertClose(param.dataSync(), expected, 3e-6, `${name}, step ${i + 1}`);
  });
}

describe("optimisers", () => {
  before(async () => {
    await openBackend();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it("AdamW follows torch.optim.AdamW, weight decay included", () => {
    const config = { ...ADAMW_DEFAULTS, weightDecay: 0.1 };
    follow(golden.adamw, "adamw", adamwInit, (...args) => adamwStep(...args, config));
  });

  it("Muon follows torch.optim.Muon on wide and tall matrices", () => {
    const config = { ...MUON_DEFAULTS, weightDecay: 0.1 };
    const step: Step = (param, grad, state, lr) => muonStep(param, grad, state, lr, config);
    follow(golden.muonWide, "wide", muonInit, step);
    follow(golden.muonTall, "tall", muonInit, step);
  });

  it("orthogonalise brings singular values near 1 and keeps the singular vectors", () => {
    for (const [rows, columns] of [
      [6, 6],
      [4, 9],
      [9, 4],
    ]) {
      const g = tf.tensor2d(Rng.of("orthogonal", rows).normals(rows * columns), [rows, columns]);
      const o = orthogonalise(g);
      assert.deepEqual(o.shape, g.shape);
      const gram = rows <= columns ? tf.matMul(o, o, false, true) : tf.matMul(o, o, true, false);
      // Eigenvalues of the gram matrix lie in [0.7, 1.2] squared, for singular values that are not tiny.
      const n = gram.shape[0];
      const trace = tf.sum(tf.mul(gram, tf.eye(n))).dataSync()[0];
      const square = tf.sum(tf.square(gram)).dataSync()[0];
      assert.ok(trace / n > 0.45 && trace / n < 1.45 && square / n < 2.1, `${trace / n} ${square / n}`);
      // o g^T is symmetric where singular vectors are shared.
      const product = tf.matMul(o, g, false, true);
      assertClose(product.dataSync(), tf.transpose(product).dataSync(), 1e-4);
    }
  });

  it("every parameter gets its own optimiser; names that begin alike are kept apart", () => {
    const config = { ...OPTIMISER_DEFAULTS, muon: (name: string) => name === "w", adamwScale: 0.5, clipNorm: 1e9 };
    const draw = (key: string): tf.Tensor => tf.tensor2d(uniforms(6, -1, 1, key), [2, 3]);
    const params = { w: draw("w"), "w.b": draw("wb") };
    const grads = { w: draw("gw"), "w.b": draw("gwb") };
    const state = initOptimiser(params, config);
    assert.deepEqual(Object.keys(state), ["w.momentum", "w.b.m", "w.b.v"]);
    const [lr, step] = [tf.scalar(0.1), tf.scalar(1)];
    const next = optimiserStep(params, grads, state, lr, step, config);
    assert.deepEqual(Object.keys(next.state), Object.keys(state));
    const w = muonStep(params.w, grads.w, muonInit(params.w), lr);
    const b = adamwStep(params["w.b"], grads["w.b"], adamwInit(params["w.b"]), tf.scalar(0.05), step);
    assertClose(next.params.w.dataSync(), w.param.dataSync(), 1e-6);
    assertClose(next.params["w.b"].dataSync(), b.param.dataSync(), 1e-6);
  });

  it("single parameters of AdamW may learn faster than the others", () => {
    const config = { ...OPTIMISER_DEFAULTS, scaleOf: (name: string) => (name === "fast" ? 30 : 1), clipNorm: 1e9 };
    const params = { fast: tf.tensor1d([1, -2]), slow: tf.tensor1d([1, -2]) };
    const grads = { fast: tf.tensor1d([0.3, 0.1]), slow: tf.tensor1d([0.3, 0.1]) };
    const state = initOptimiser(params, config);
    const next = optimiserStep(params, grads, state, tf.scalar(1e-3), tf.scalar(1), config);
    const alone = (lr: number) =>
      adamwStep(params.fast, grads.fast, adamwInit(params.fast), tf.scalar(lr), tf.scalar(1)).param.dataSync();
    assertClose(next.params.fast.dataSync(), alone(0.03), 1e-6);
    assertClose(next.params.slow.dataSync(), alone(1e-3), 1e-6);
  });

  it("gradients are scaled down to the largest norm allowed, all together, and no further", () => {
    const grads = { a: tf.tensor1d([3, 0]), b: tf.tensor1d([0, 4]) };
    assert.ok(Math.abs(globalNorm(grads).dataSync()[0] - 5) < 1e-6);
    const params = { a: tf.zeros([2]), b: tf.zeros([2]) };
    const momentsAt = (clipNorm: number): number[] => {
      const config = { ...OPTIMISER_DEFAULTS, clipNorm };
      const { state, gradNorm } = optimiserStep(
        params,
        grads,
        initOptimiser(params, config),
        tf.scalar(0.1),
        tf.scalar(1),
        config,
      );
      assert.ok(Math.abs(gradNorm.dataSync()[0] - 5) < 1e-6);
      return [...state["a.m"].dataSync(), ...state["b.m"].dataSync()];
    };
    // First moments after one step: (1 - 0.9) times the clipped gradient.
    assertClose(momentsAt(1), [0.06, 0, 0, 0.08], 1e-6);
    assertClose(momentsAt(10), [0.3, 0, 0, 0.4], 1e-6);
  });
});
