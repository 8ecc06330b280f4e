import assert from "node:assert/strict";
import fc from "fast-check";
import { stepActions } from "../../lib/metrics/accuracy.ts";
import { GATE, gated, movingAccuracy, passesGate } from "../../lib/metrics/gate.ts";
import { PSNR_BOUND } from "../../lib/metrics/image.ts";
import {
  mirrorPsnrs,
  posesApart,
  revisitPsnrs,
  revisitsFromAfar,
  revisitsOf,
  revisitTruthPsnrs,
} from "../../lib/metrics/revisit.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { mean } from "../../lib/util/statistics.ts";
import { trajectoryOf } from "../../lib/world/motion.ts";
import { ALL_ACTIONS } from "../../lib/world/primitives.ts";
import { CAMERA, faded, frozen, noisy, STEP, TURN, VIDEOS } from "./videos.ts";

const seed = fc.integer({ min: 0, max: VIDEOS.length - 1 });
const severity = fc.double({ min: 0, max: 1, noNaN: true });
const late = (most: number) => (frame: number) => (frame > TURN ? most : 0);
const RUNS = { numRuns: 4 };

describe("spatial memory", () => {
  it("a perfect video scores best in the mirror and at revisits", () => {
    for (const { poses, truth } of VIDEOS) {
      const revisits = revisitsOf(poses, STEP);
      assert.ok(revisits.length >= 40);
      const scores = [
        mirrorPsnrs(truth, TURN, CAMERA),
        revisitPsnrs(truth, revisits, CAMERA),
        revisitTruthPsnrs(truth, truth, revisits, CAMERA),
      ];
      for (const own of scores) assert.ok(Math.min(...own) > PSNR_BOUND - 6, `${Math.min(...own)}`);
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
        assert.ok(mean(mirrorPsnrs(mild, TURN, CAMERA)) >= mean(mirrorPsnrs(gross, TURN, CAMERA)) - slack);
        assert.ok(mean(revisitPsnrs(mild, revisits, CAMERA)) >= mean(revisitPsnrs(gross, revisits, CAMERA)) - slack);
      }),
      RUNS,
    );
  });

  it("a frozen video has perfect consistency, and is rejected by the gate; random actions too", () => {
    for (const { truth, poses, actions } of VIDEOS) {
      assert.equal(mean(revisitPsnrs(frozen(truth), revisitsOf(poses, STEP), CAMERA)), PSNR_BOUND);
      const commanded = stepActions(actions);
      const accuracy = movingAccuracy(new Int32Array(commanded.length), commanded);
      assert.equal(accuracy, 0);
      assert.equal(gated(PSNR_BOUND, accuracy), null);
      const rng = Rng.of("random");
      const random = stepActions(actions.map((_, i) => (i === 0 ? 0 : rng.pick(ALL_ACTIONS))));
      assert.equal(passesGate(movingAccuracy(random, commanded)), false);
      assert.equal(gated(20, movingAccuracy(commanded, commanded)), 20);
    }
  });

  it("the gate wants motion: a command to stand still proves nothing", () => {
    assert.ok(Number.isNaN(movingAccuracy([0, 0], [0, 0])));
    assert.equal(passesGate(Number.NaN), false);
    assert.equal(passesGate(GATE), true);
    assert.throws(() => movingAccuracy([1], [1, 2]), UserError);
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

  it("from afar: only what comes after all had left the view", () => {
    const [{ poses }] = VIDEOS;
    const revisits = revisitsOf(poses, STEP);
    const afar = revisitsFromAfar(poses, revisits, CAMERA);
    assert.ok(afar.length > 0 && afar.length < revisits.length);
    assert.ok(afar.every(({ frame }) => frame > TURN + 40));
  });
});
