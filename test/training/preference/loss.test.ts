import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { expectedSigmoid, rankingLoss } from "../../../lib/training/preference/loss.ts";

/** E[sigmoid(x)], x ~ N(mean, variance), by a fine Riemann sum in float64. */
function reference(mean: number, variance: number): number {
  let sum = 0;
  for (let z = -8; z <= 8; z += 0.001) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    sum += (0.001 * density) / (1 + Math.exp(-(mean + Math.sqrt(variance) * z)));
  }
  return sum;
}

const score = (mean: number, variance: number) => ({ mean: tf.tensor1d([mean]), variance: tf.tensor1d([variance]) });

describe("ranking loss", () => {
  before(async () => {
    await openBackend();
  });

  it("the expected sigmoid equals its integral", () => {
    for (const mean of [-3, -0.5, 0, 1, 4])
      for (const variance of [0.01, 0.5, 2]) {
        const [actual] = expectedSigmoid(tf.tensor1d([mean]), tf.tensor1d([variance])).dataSync();
        // Five nodes: good to about 1e-3 where the sigmoid is much narrower than the Gaussian.
        assert.ok(Math.abs(actual - reference(mean, variance)) < 1.5e-3, `${mean} ${variance}: ${actual}`);
      }
  });

  it("without uncertainty is the logistic loss of Bradley and Terry", () => {
    const loss = rankingLoss(score(1.5, 1e-9), score(0.5, 1e-9)).dataSync()[0];
    assert.ok(Math.abs(loss - Math.log(1 + Math.exp(-1))) < 1e-5);
  });

  it("uncertainty softens a wrong order", () => {
    const sure = rankingLoss(score(0, 0.01), score(3, 0.01)).dataSync()[0];
    const unsure = rankingLoss(score(0, 4), score(3, 4)).dataSync()[0];
    assert.ok(unsure < sure);
  });
});
