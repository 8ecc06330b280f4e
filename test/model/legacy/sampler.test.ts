import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { integrate, sigmaSchedule, sigmasFrom } from "../../../lib/model/legacy/sampler.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { assertClose } from "../nn/close.ts";

const config = fc.record({
  steps: fc.integer({ min: 1, max: 50 }),
  shift: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

describe("sigmaSchedule", () => {
  it("falls from 1 to 0", () => {
    fc.assert(
      fc.property(config, (sampler) => {
        const sigmas = sigmaSchedule(sampler);
        assert.equal(sigmas.length, sampler.steps + 1);
        assert.ok(Math.abs(sigmas[0] - 1) < 1e-12 && sigmas[sampler.steps] === 0);
        for (let i = 1; i < sigmas.length; i++) assert.ok(sigmas[i] < sigmas[i - 1]);
      }),
    );
  });

  it("is even without shift; a shift of 3 takes one half to three quarters", () => {
    assert.deepEqual(sigmaSchedule({ steps: 4, shift: 1 }), [1, 0.75, 0.5, 0.25, 0]);
    assertClose(sigmaSchedule({ steps: 4, shift: 3 }), [1, 0.9, 0.75, 0.5, 0], 1e-12);
  });

  it("ends at the last level that is asked for, after the levels of one step less", () => {
    assertClose(sigmaSchedule({ steps: 5, shift: 3, last: 0.2 }), [1, 0.9, 0.75, 0.5, 0.2, 0], 1e-12);
    assert.deepEqual(sigmaSchedule({ steps: 1, shift: 3, last: 0.2 }), [1, 0]);
  });

  it("refuses a last level that is not below the one before it", () => {
    for (const last of [0, -0.1, 0.5, 1, Number.NaN])
      assert.throws(() => sigmaSchedule({ steps: 5, shift: 3, last }), UserError);
  });

  it("refuses impossible settings", () => {
    for (const steps of [0, -1, 1.5, Number.NaN]) assert.throws(() => sigmaSchedule({ steps, shift: 3 }), UserError);
    for (const shift of [0, -1, Number.NaN]) assert.throws(() => sigmaSchedule({ steps: 4, shift }), UserError);
  });
});

describe("sigmasFrom", () => {
  it("falls from the given level to 0 along the schedule", () => {
    assertClose(sigmasFrom(0.8, { steps: 4, shift: 3 }), [0.8, 0.75, 0.5, 0], 1e-12);
    assert.deepEqual(sigmasFrom(1, { steps: 4, shift: 3 }), sigmaSchedule({ steps: 4, shift: 3 }));
  });

  it("refuses a level that is none", () => {
    for (const sigma of [0, -1, 1.1, Number.NaN]) assert.throws(() => sigmasFrom(sigma, { steps: 4, shift: 3 }), UserError); // biome-ignore format: one line
  });
});

describe("integrate", () => {
  before(async () => {
    await openBackend();
  });

  it("is exact where the velocity is constant: straight from noise to data, by any steps", () => {
    const [noise, data] = [tf.tensor1d([1, -2, 0.5]), tf.tensor1d([4, 3, -1])];
    fc.assert(
      fc.property(config, (sampler) => {
        const reached = integrate(() => tf.sub(noise, data), noise, sampler);
        assertClose(reached.dataSync(), data.dataSync(), 1e-5);
        reached.dispose();
      }),
      { numRuns: 20 },
    );
    tf.dispose([noise, data]);
  });

  it("is exact where the velocity points at the data from wherever x is", () => {
    const [noise, data] = [tf.tensor1d([1, -2, 0.5]), tf.tensor1d([4, 3, -1])];
    const reached = integrate((x, sigma) => tf.div(tf.sub(x, data), sigma), noise, { steps: 7, shift: 3 });
    assertClose(reached.dataSync(), data.dataSync(), 1e-5);
    tf.dispose([noise, data, reached]);
  });

  it("comes nearer to a curved path with more steps, at first order", () => {
    // dx / dsigma = x from 1 at sigma 1: exp(-1) at sigma 0.
    const noise = tf.scalar(1);
    const errors = [10, 20, 40].map((steps) => {
      const reached = integrate((x) => tf.clone(x), noise, { steps, shift: 1 });
      const error = Math.abs(reached.dataSync()[0] - Math.exp(-1));
      reached.dispose();
      return error;
    });
    noise.dispose();
    for (const i of [1, 2]) assert.ok(errors[i - 1] / errors[i] > 1.9 && errors[i - 1] / errors[i] < 2.2);
  });

  it("asks for the velocity at every level but the last, keeps the noise, and leaves one tensor", () => {
    const noise = tf.tensor1d([1, 2]);
    const asked: number[] = [];
    const before = tf.memory().numTensors;
    const velocity = (x: tf.Tensor, sigma: number): tf.Tensor => {
      asked.push(sigma);
      return tf.mul(x, sigma);
    };
    const reached = integrate(velocity, noise, { steps: 3, shift: 2 });
    assert.equal(tf.memory().numTensors, before + 1);
    assert.deepEqual(asked, sigmaSchedule({ steps: 3, shift: 2 }).slice(0, 3));
    assert.deepEqual([...noise.dataSync()], [1, 2]);
    tf.dispose([noise, reached]);
  });
});
