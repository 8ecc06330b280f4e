import assert from "node:assert/strict";
import fc from "fast-check";
import { stepActions } from "../../lib/metrics/accuracy.ts";
import { GATE, gated, movingAccuracy, passesGate } from "../../lib/metrics/gate.ts";
import { PSNR_BOUND } from "../../lib/metrics/image.ts";
import { keptShare, keptShares, sightOf, solidPixels } from "../../lib/metrics/permanence.ts";
import {
  mirrorPsnrs,
  posesApart,
  returnsOf,
  revisitPsnrs,
  revisitsOf,
  revisitTruthPsnrs,
} from "../../lib/metrics/revisit.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { mean } from "../../lib/util/statistics.ts";
import { ALL_ACTIONS, pathOf } from "../../lib/world/index.ts";
import { makeScene, renderEmpty } from "../../lib/world/plane/index.ts";
import { FRAMES, faded, frozen, lookAway, noisy, outAndBack, truthOf } from "./videos.ts";

const PROMPTS = [0, 1, 2].map(outAndBack);
const seed = fc.integer({ min: 0, max: PROMPTS.length - 1 });
const severity = fc.double({ min: 0, max: 1, noNaN: true });
/** Out and back in fifteen latents each. */
const TURN = 60;
const late = (most: number) => (frame: number) => (frame > TURN ? most : 0);
const RUNS = { numRuns: 4 };

describe("spatial memory", () => {
  it("a perfect video scores best in the mirror and at revisits", () => {
    for (const prompt of PROMPTS) {
      const truth = truthOf(prompt);
      const revisits = revisitsOf(prompt.poses);
      assert.ok(revisits.length >= 40);
      for (const scores of [mirrorPsnrs(truth, TURN), revisitPsnrs(truth, revisits), revisitTruthPsnrs(truth, truth, revisits)]) // biome-ignore format: short
        assert.ok(Math.min(...scores) > PSNR_BOUND - 6, `${Math.min(...scores)}`);
    }
  });

  it("more corruption never scores better", () => {
    fc.assert(
      fc.property(seed, severity, severity, fc.constantFrom(faded, noisy), (i, a, b, spoil) => {
        const truth = truthOf(PROMPTS[i]);
        const revisits = revisitsOf(PROMPTS[i].poses);
        const [mild, gross] = [Math.min(a, b), Math.max(a, b)].map((s) => spoil(truth, late(s)));
        // Rounding to bytes: half a level of a picture that is at most 60 dB good.
        const slack = 0.5;
        assert.ok(mean(mirrorPsnrs(mild, TURN)) >= mean(mirrorPsnrs(gross, TURN)) - slack);
        assert.ok(mean(revisitPsnrs(mild, revisits)) >= mean(revisitPsnrs(gross, revisits)) - slack);
      }),
      RUNS,
    );
  });

  it("a frozen video has perfect consistency, and is rejected by the gate; random actions too", () => {
    for (const prompt of PROMPTS) {
      const still = frozen(truthOf(prompt));
      assert.equal(mean(revisitPsnrs(still, revisitsOf(prompt.poses))), PSNR_BOUND);
      const commanded = stepActions(prompt.actions);
      const accuracy = movingAccuracy(new Int32Array(commanded.length), commanded);
      assert.equal(accuracy, 0);
      assert.equal(gated(PSNR_BOUND, accuracy), null);
      const rng = Rng.of("random", prompt.sceneSeed);
      const random = stepActions(prompt.actions.map((_, i) => (i === 0 ? 0 : rng.pick(ALL_ACTIONS))));
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
    assert.deepEqual(revisitsOf(pathOf(start, new Array(40).fill(0))), []);
    assert.deepEqual(revisitsOf(pathOf(start, new Array(40).fill(9))), []);
  });

  it("poses are apart by frame steps, around the full turn", () => {
    const start = { x: 0, z: 0, yaw: 0, pitch: 0 };
    assert.ok(Math.abs(posesApart(start, { ...start, yaw: 2 * Math.PI }) - 0) < 1e-9);
    assert.ok(Math.abs(posesApart(start, { ...start, x: 0.3, yaw: (8 * Math.PI) / 180 }) - 5) < 1e-9);
  });

  it("the earliest of equal visits counts", () => {
    const right = 2;
    const poses = pathOf({ x: 0, z: 0, yaw: 0, pitch: 0 }, [0, ...new Array(100).fill(right)]);
    const revisits = revisitsOf(poses);
    assert.equal(revisits[0].frame, 180);
    assert.deepEqual(revisits.at(-1), { frame: 400, earlier: 40 });
  });
});

describe("object permanence", () => {
  const prompt = lookAway(0);
  const scene = makeScene(prompt.sceneSeed);

  it("all is kept in the true picture, nothing in the empty world", () => {
    const sight = sightOf(scene, prompt.poses[0]);
    assert.ok(solidPixels(sight).length >= 0.06 * 48 * 80);
    assert.equal(keptShare(sight.full, sight), 1);
    assert.equal(keptShare(renderEmpty(scene, prompt.poses[0]), sight), 0);
    assert.ok(Number.isNaN(keptShare(sight.full, { full: sight.full, empty: sight.full })));
  });

  it("is asked only where the view had been lost, and never rises with fading", () => {
    const returns = returnsOf(prompt.poses, revisitsOf(prompt.poses));
    assert.ok(returns.length > 10 && returns.length < FRAMES / 2);
    const truth = truthOf(prompt);
    const share = (s: number): number =>
      mean(
        keptShares(
          faded(truth, () => s),
          scene,
          prompt.poses,
          returns,
        ),
      );
    assert.equal(share(0), 1);
    assert.ok(share(0.5) <= 1 && share(1) < share(0));
  });
});
