import assert from "node:assert/strict";
import fc from "fast-check";
import { APPEARANCE_SIZE, appearanceOf, appearances, colourOf, sharpnessOf } from "../../lib/metrics/appearance.ts";
import { audit, auditPerDepth } from "../../lib/metrics/audit.ts";
import {
  appearanceContrast,
  changeFromFirst,
  distanceFromStart,
  lagDistances,
  segmentLoss,
  segmentMeans,
  segmentsOf,
  startEndContrast,
} from "../../lib/metrics/drift.ts";
import { UserError } from "../../lib/util/errors.ts";
import { mean } from "../../lib/util/statistics.ts";
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

  it("more corruption never scores better, in any of the ways", () => {
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
        const sharpness = (d: Float32Array[]): number[] => d.map((v) => v[7]);
        assert.ok(startEndContrast(sharpness(mild)) <= startEndContrast(sharpness(gross)) + 1e-6);
        assert.ok(segmentLoss(sharpness(mild), 4).last <= segmentLoss(sharpness(gross), 4).last + 1e-6);
      }),
      RUNS,
    );
  });

  it("a collapse in the middle that recovers escapes the contrast of the ends, not the worst segment", () => {
    const values = Array.from({ length: 100 }, (_, i) => (i > 40 && i < 60 ? 5 : 20));
    assert.equal(startEndContrast(values), 0);
    assert.deepEqual([segmentLoss(values, 5).last, segmentLoss(values, 5).worst > 14], [0, true]);
  });

  it("segments hold every value once, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 50 }), (xs, n) => {
        if (n > xs.length) return assert.throws(() => segmentsOf(xs, n), UserError);
        const parts = segmentsOf(xs, n);
        assert.deepEqual(parts.flat(), xs);
        const lengths = parts.map((part) => part.length);
        assert.ok(Math.max(...lengths) - Math.min(...lengths) <= 1);
      }),
    );
    assert.deepEqual(segmentMeans([1, 3, 10, 20], 2), [2, 15]);
  });

  it("distances grow with the lag where a video fades, and are zero from itself", () => {
    const all = appearances(
      faded(
        VIDEOS[0].truth.map((_, i, v) => v[i % FRAME_BYTES]),
        growing(1),
      ),
      CAMERA,
    );
    const curve = lagDistances(all, [0, 10, 40, 80, 500]);
    assert.equal(curve[0], 0);
    assert.ok(curve[1] < curve[2] && curve[2] < curve[3]);
    assert.ok(Number.isNaN(curve[4]));
    const apart = distanceFromStart(all, 1);
    assert.equal(apart[0], 0);
    assert.ok(mean(apart.slice(-10)) > mean(apart.slice(0, 10)));
  });

  it("the change from the first value is the paper's", () => {
    assert.deepEqual(changeFromFirst([2, 3, 1]), [0, 1, 1]);
    assert.throws(() => startEndContrast([1]), UserError);
  });
});

describe("audit of a metric", () => {
  it("is 1 where the metric ranks as the truth does, -1 where against it, null where it says nothing", () => {
    const truth = [[1, 5, 2], [2, 4, 2], [3, 3, 2]]; // biome-ignore format: a table
    const metric = [[10, 1, 0], [20, 2, 1], [30, 3, 5]]; // biome-ignore format: a table
    assert.deepEqual(auditPerDepth(metric, truth).map(({ correlation }) => correlation), [1, -1, null]); // biome-ignore format: short
  });

  it("leaves out what is not finite, and says of how many videos it is", () => {
    assert.deepEqual(audit([1, 2, 3, Number.NaN], [1, 2, 3, 4]), { correlation: 1, videos: 3 });
    assert.deepEqual(audit([1, 2], [1, 2]), { correlation: null, videos: 2 });
    assert.throws(() => auditPerDepth([[1]], [[1], [2]]), UserError);
  });
});
