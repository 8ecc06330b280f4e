import assert from "node:assert/strict";
import fc from "fast-check";
import { PSNR_BOUND } from "../../lib/metrics/image.ts";
import { posesApart, revisitPsnrs, revisitsOf } from "../../lib/metrics/revisit.ts";
import { mean } from "../../lib/util/statistics.ts";
import { trajectoryOf } from "../../lib/world/motion.ts";
import { CAMERA, faded, frozen, noisy, STEP, TURN, VIDEOS } from "./videos.ts";

const seed = fc.integer({ min: 0, max: VIDEOS.length - 1 });
const severity = fc.double({ min: 0, max: 1, noNaN: true });
const late = (most: number) => (frame: number) => (frame > TURN ? most : 0);
const RUNS = { numRuns: 4 };

describe("spatial memory", () => {
  it("a perfect video scores best at revisits", () => {
    for (const { poses, truth } of VIDEOS) {
      const revisits = revisitsOf(poses, STEP);
      assert.ok(revisits.length >= 40);
      const least = Math.min(...revisitPsnrs(truth, revisits, CAMERA));
      assert.ok(least > PSNR_BOUND - 6, `${least}`);
      // So does a frozen one: consistency stands beside action following.
      assert.equal(mean(revisitPsnrs(frozen(truth), revisits, CAMERA)), PSNR_BOUND);
    }
  });

  it("more corruption never scores better", () => {
    fc.assert(
      fc.property(seed, severity, severity, fc.constantFrom(faded, noisy), (i, a, b, spoil) => {
        const { truth, poses } = VIDEOS[i];
        const revisits = revisitsOf(poses, STEP);
        const [mild, gross] = [Math.min(a, b), Math.max(a, b)].map((s) => spoil(truth, late(s)));
        // Rounding to bytes: half a level of a picture that is at most 60 dB good.
        const slack = 0.5;
        assert.ok(mean(revisitPsnrs(mild, revisits, CAMERA)) >= mean(revisitPsnrs(gross, revisits, CAMERA)) - slack);
      }),
      RUNS,
    );
  });

  it("standing still is no revisit, nor is a path that never comes back", () => {
    const start = { x: 0, z: 0, yaw: 0, pitch: 0 };
    assert.deepEqual(revisitsOf(trajectoryOf(start, new Array(40).fill(0), STEP), STEP), []);
    assert.deepEqual(revisitsOf(trajectoryOf(start, new Array(40).fill(9), STEP), STEP), []);
  });

  it("poses are apart by frame steps, around the full turn", () => {
    const start = { x: 0, z: 0, yaw: 0, pitch: 0 };
    assert.ok(Math.abs(posesApart(start, { ...start, yaw: 2 * Math.PI }, STEP) - 0) < 1e-9);
    assert.ok(Math.abs(posesApart(start, { ...start, x: 3 * STEP.translation, yaw: 4 * STEP.yaw }, STEP) - 5) < 1e-9);
  });

  it("the earliest of equal visits counts", () => {
    const right = 2;
    const poses = trajectoryOf({ x: 0, z: 0, yaw: 0, pitch: 0 }, [0, ...new Array(100).fill(right)], STEP);
    const revisits = revisitsOf(poses, STEP);
    assert.equal(revisits[0].frame, 180);
    assert.deepEqual(revisits.at(-1), { frame: 400, earlier: 40 });
  });
});
