import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { initParams, mapEntries, type Params } from "../../../lib/model/nn/params.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, TOKENISER } from "../../../lib/model/tokeniser/config.ts";
import {
  BLOCK_CHANNELS,
  decode,
  encode,
  foldTwice,
  linearSpec,
  tokeniserSpec,
} from "../../../lib/model/tokeniser/network.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { lossAndGrads } from "../../../lib/training/optimiser/gradients.ts";
import { fitComponents } from "../../../lib/training/tokeniser/components.ts";
import { TOKENISER_LOSS, tokeniserLoss } from "../../../lib/training/tokeniser/loss.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";

const CHANNELS = TOKENISER.latentChannels;
const normals = (shape: number[], ...key: string[]): tf.Tensor =>
  tf.tensor(Rng.of("tokeniser-test", ...key).normals(shape.reduce((a, b) => a * b, 1)), shape);

/** Pictures whose 8 x 8 x 4 blocks lie in a space of `rank` dimensions around a mean: [n, 12, 20, 192]. */
function simplePictures(n: number, rank: number): tf.Tensor {
  return tf.tidy(() => {
    const weights = tf.mul(normals([n * 60, rank], "weights"), tf.linspace(1, 0.2, rank));
    const blocks = tf.add(
      tf.matMul(weights as tf.Tensor2D, normals([rank, BLOCK_CHANNELS], "patterns") as tf.Tensor2D),
      0.3,
    );
    return unfold(tf.reshape(blocks, [n, 6, 10, BLOCK_CHANNELS]));
  });
}

/** [n, 6, 10, 768] -> [n, 12, 20, 192], pixel by pixel. */
function unfold(x: tf.Tensor): tf.Tensor {
  const [n] = x.shape;
  const [from, c] = [x.dataSync(), FOLDED_CHANNELS];
  const out = new Float32Array(from.length);
  for (let b = 0; b < n; b++)
    for (let y = 0; y < FOLDED_HEIGHT; y++)
      for (let column = 0; column < FOLDED_WIDTH; column++)
        for (let k = 0; k < c; k++) {
          const block = (b * 6 + Math.floor(y / 2)) * 10 + Math.floor(column / 2);
          const inside = ((y % 2) * 2 + (column % 2)) * c + k;
          out[((b * FOLDED_HEIGHT + y) * FOLDED_WIDTH + column) * c + k] = from[block * BLOCK_CHANNELS + inside];
        }
  return tf.tensor(out, [n, FOLDED_HEIGHT, FOLDED_WIDTH, c]);
}

describe("the tokeniser's network", () => {
  let groups: tf.Tensor;
  let linear: Params;
  /** Convolutions that add nothing: what the linear part alone does. */
  let silent: Params;
  before(async () => {
    await openBackend();
    groups = simplePictures(4, CHANNELS);
    linear = fitComponents(groups, 0, CHANNELS);
    const fresh = initParams(tokeniserSpec(), 0);
    silent = { ...linear, ...mapEntries(fresh, (t, name) => (/^(enc|dec)\.out/.test(name) ? tf.zerosLike(t) : t)) };
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it("foldTwice gathers the four neighbours of a block, row by row", () => {
    const blocks = normals([2, 6, 10, BLOCK_CHANNELS], "blocks");
    assert.deepEqual(foldTwice(unfold(blocks)).dataSync(), blocks.dataSync());
  });

  it("takes groups to latents and back in the stated shapes", () => {
    const params = { ...initParams({ ...linearSpec(), ...tokeniserSpec() }, 1) };
    const latents = encode(params, groups);
    assert.deepEqual(latents.shape, [4, TOKENISER.latentHeight, TOKENISER.latentWidth, CHANNELS]);
    assert.deepEqual(decode(params, latents).shape, groups.shape);
  });

  it("its linear part has the shapes of its specification", () => {
    for (const [name, { shape }] of Object.entries(linearSpec())) assert.deepEqual(linear[name].shape, shape, name);
  });

  it("its linear part alone keeps pictures of 32 components, with latents of unit mean square", () => {
    const latents = encode(silent, groups);
    const back = decode(silent, latents);
    assertClose(back.dataSync(), groups.dataSync(), 1e-3);
    const square = tf.mean(tf.square(latents)).dataSync()[0];
    assert.ok(Math.abs(square - 1) < 1e-3, `${square}`);
  });

  it("the components are orthogonal, and none does more for the pictures than an earlier one", () => {
    const synthesis = linear["linear.synthesis"] as tf.Tensor2D;
    const gram = tf.matMul(synthesis, synthesis, false, true).arraySync() as number[][];
    for (const [i, row] of gram.entries()) {
      for (const [j, value] of row.entries()) {
        if (i !== j) assert.ok(Math.abs(value) < 1e-3 * Math.sqrt(gram[i][i] * gram[j][j]), `${i}, ${j}`);
      }
    }
    const product = tf.matMul(synthesis, linear["linear.analysis"] as tf.Tensor2D);
    assertClose(product.dataSync(), tf.eye(CHANNELS).dataSync(), 1e-3);
    // Scaled by the fourth root of the variance, so longer means more; neighbours of like variance may stay mixed.
    for (let i = 1; i < CHANNELS; i++) assert.ok(gram[i][i] <= gram[i - 1][i - 1] * 1.1, `${i}`);
    assert.ok(gram[0][0] > 2 * gram[CHANNELS - 1][CHANNELS - 1]);
  });

  it("the loss of a perfect reconstruction is that of the latents' spread alone", () => {
    const loss = tokeniserLoss({ ...TOKENISER_LOSS, latentNoise: 0 });
    const noise = tf.zeros([4, 6, 10, CHANNELS]);
    assert.ok(loss(silent, groups, noise).dataSync()[0] < 1e-3);
  });

  it("every part is trained", function () {
    // Gradients of convolutions take wasm minutes.
    if (tf.getBackend() === "wasm") this.skip();
    const loss = tokeniserLoss();
    const noise = tf.zeros([4, 6, 10, CHANNELS]);
    const { "linear.mean": mean, "linear.analysis": analysis, "linear.synthesis": synthesis, ...trained } = silent;
    const shaken = mapEntries(trained, (t) => tf.add(t, tf.mul(normals(t.shape, "shake"), 0.01)));
    const fixed = { "linear.mean": mean, "linear.analysis": analysis, "linear.synthesis": synthesis };
    const { loss: value, grads } = lossAndGrads((p) => loss({ ...fixed, ...p }, groups, noise), shaken);
    assert.ok(value.dataSync()[0] > 1e-3);
    for (const [name, grad] of Object.entries(grads)) {
      assert.ok(tf.sum(tf.abs(grad)).dataSync()[0] > 0, name);
    }
  });
});
