import assert from "node:assert/strict";
import fc from "fast-check";
import { APPEARANCE_SIZE, appearanceOf, appearances, colourOf, sharpnessOf } from "../../lib/metrics/appearance.ts";
import { audit } from "../../lib/metrics/audit.ts";
import { appearanceContrast } from "../../lib/metrics/drift.ts";
import { UserError } from "../../lib/util/errors.ts";
import { CAMERA, FRAME_BYTES, FRAMES, faded, noisy, VIDEOS } from "./videos.ts";

const seed = fc.integer({ min: 0, max: VIDEOS.length - 1 });
const severity = fc.double({ min: 0, max: 1, noNaN: true });
/** Corruption that grows with time. */
const growing = (most: number) => (frame: number) => (most * frame) / (FRAMES - 1);
const RUNS = { numRuns: 4 };

describe("appearance", () => {
  it("known values: a grey picture has its colour, no spread, no edges", () => {
    const grey = new Uint8Array(FRAME_BYTES).fill(102);
    assert.deepEqual(
      [...colourOf(grey).mean, colourOf(grey).saturation].map((v) => +v.toFixed(6)),
      [0.4, 0.4, 0.4, 0],
    );
    assert.equal(sharpnessOf(grey, CAMERA), 0);
    const all = appearanceOf(grey, CAMERA);
    assert.equal(all.length, APPEARANCE_SIZE);
    // Luma 102 lies below the edges from 128 on; every gradient below all of them.
    assert.deepEqual([...all.subarray(8)], [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it("a red picture is saturated, a checkerboard is sharp", () => {
    const red = Uint8Array.from({ length: FRAME_BYTES }, (_, i) => (i % 3 === 0 ? 255 : 0));
    assert.ok(Math.abs(colourOf(red).saturation - 1) < 1e-12);
    const checker = Uint8Array.from({ length: FRAME_BYTES }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return (pixel + Math.floor(pixel / 80)) % 2 === 0 ? 255 : 0;
    });
    assert.ok(Math.abs(sharpnessOf(checker, CAMERA) - 4) < 1e-5);
  });
});

describe("drift", () => {
  it("a perfect video out and back ends as it began, so no other scores better", () => {
    fc.assert(
      fc.property(seed, severity, (i, most) => {
        const truth = VIDEOS[i].truth;
        // The path ends where it began up to the frames of one latent that stand over.
        const whole = truth.subarray(0, 121 * FRAME_BYTES);
        assert.ok(appearanceContrast(appearances(whole, CAMERA)) < 1e-7);
        const spoiled = noisy(whole, growing(most));
        assert.ok(appearanceContrast(appearances(spoiled, CAMERA)) >= 0);
      }),
      RUNS,
    );
  });

  it("more corruption never scores better", () => {
    fc.assert(
      fc.property(seed, severity, severity, (i, a, b) => {
        const truth = VIDEOS[i].truth.subarray(0, 121 * FRAME_BYTES);
        const [mild, gross] = [Math.min(a, b), Math.max(a, b)].map((s) => {
          // Only the end is spoiled, so that the start is the same reference for both.
          return appearances(
            faded(truth, (f) => (f >= 90 ? s : 0)),
            CAMERA,
          );
        });
        assert.ok(appearanceContrast(mild) <= appearanceContrast(gross) + 1e-6);
      }),
      RUNS,
    );
  });
});

describe("audit of a metric", () => {
  it("is 1 where the metric ranks as the truth does, -1 where against it, null where it says nothing", () => {
    const correlation = (metric: number[], truth: number[]) => audit(metric, truth).correlation;
    assert.equal(correlation([10, 20, 30], [1, 2, 3]), 1);
    assert.equal(correlation([1, 2, 3], [5, 4, 3]), -1);
    assert.equal(correlation([0, 1, 5], [2, 2, 2]), null);
  });

  it("leaves out what is not finite, and says of how many videos it is", () => {
    assert.deepEqual(audit([1, 2, 3, Number.NaN], [1, 2, 3, 4]), { correlation: 1, videos: 3 });
    assert.deepEqual(audit([1, 2], [1, 2]), { correlation: null, videos: 2 });
    assert.throws(() => audit([1], [1, 2]), UserError);
    assert.throws(() => audit([], []), UserError);
  });
});
