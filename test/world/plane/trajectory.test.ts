import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { rotationOf } from "../../../lib/world/actions.ts";
import {
  ACTIONS,
  axesOf,
  CLEAN,
  executedOf,
  framesOf,
  isBasic,
  isCombined,
  labelOf,
  RECORDED,
} from "../../../lib/world/index.ts";
import {
  isFree,
  KINDS,
  type Kind,
  makeScene,
  planTrajectory,
  type Trajectory,
} from "../../../lib/world/plane/index.ts";

const plan = (seed: number, kind: Kind, rollover = CLEAN, latents = 24): Trajectory =>
  planTrajectory({ scene: seed, latents, kind, rollover, rng: Rng.of(seed, "test") });

const fate = fc.record({ lost: fc.double({ min: 0, max: 0.999 }), dropped: fc.double({ min: 0, max: 0.999 }) });

describe("planTrajectory", () => {
  it("the poses are those of the executed actions, all of them free", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(...KINDS), fc.constantFrom(CLEAN, RECORDED), (seed, kind, rollover) => {
        const { executed, poses, sceneSeed } = plan(seed, kind, rollover);
        assert.equal(poses.length, framesOf(24));
        assert.equal(executed[0], 0);
        assert.ok(isFree(makeScene(sceneSeed), poses));
        for (let f = 1; f < poses.length; f++) {
          assert.equal(labelOf(poses[f - 1], poses[f]), executed[Math.floor((f - 1) / 4) + 1]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is the same again from the same seed, and another from another", () => {
    assert.deepEqual(plan(3, "mix", RECORDED), plan(3, "mix", RECORDED));
    assert.notDeepEqual(plan(3, "mix").poses, plan(4, "mix").poses);
  });

  it("keeps to its kind of commands", () => {
    const commands = (kind: Kind) =>
      Array.from({ length: 10 }, (_, i) => [...plan(i, kind).commanded.subarray(1)]).flat();
    assert.ok(commands("basic").every(isBasic));
    assert.ok(commands("combined").every(isCombined));
    assert.ok(commands("primitives").every((action) => [1, 2].includes(axesOf(action))));
    assert.ok(new Set(commands("uniform")).size > 32);
  });

  it("without rollover the camera does what was commanded", () => {
    const { commanded, executed } = plan(8, "mix", CLEAN, 40);
    assert.deepEqual(commanded, executed);
  });

  it("segments last 2 to 16 latents", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { commanded } = plan(seed, "combined", CLEAN, 33);
      for (let t = 1, run = 1; t < 33; t++, run++) {
        if (t + 1 === 33 || commanded[t + 1] === commanded[t]) continue;
        assert.ok(run >= 2, `segment of ${run} in seed ${seed}`);
        run = 0;
      }
    }
  });

  it("refuses impossible options", () => {
    assert.throws(() => plan(0, "basic", CLEAN, 0), UserError);
    assert.throws(() => plan(0, "basic", { combinedFull: 2, basicLost: 0 }), UserError);
  });
});

describe("rollover", () => {
  it("drops the keys of one hand as a whole, or a basic command: what is left is one of a clip's possible motions", () => {
    fc.assert(
      fc.property(fc.nat(ACTIONS - 1), fate, (command, clip) => {
        const executed = executedOf(command, clip, RECORDED);
        const turn = rotationOf(command);
        assert.ok([command, command - turn, turn, 0].includes(executed));
        const bothHands = turn !== 0 && turn !== command;
        if (bothHands) assert.notEqual(executed, 0);
      }),
    );
  });

  it("happens as often as configured, one fate for all of a clip", () => {
    let [clips, full] = [0, 0];
    for (let seed = 0; seed < 150; seed++) {
      const { commanded, executed } = plan(seed, "combined", RECORDED, 40);
      for (let t = 4; t < 40; t += 4) {
        const same = [0, 1, 2, 3].map((i) => commanded[t + i] === executed[t + i]);
        assert.equal(new Set(same).size, 1);
        clips++;
        full += Number(same[0]);
      }
    }
    // Binomial(1350, 0.25) has a standard deviation of 0.013; clips that would be blocked bias it a little.
    assert.ok(Math.abs(full / clips - RECORDED.combinedFull) < 0.06, `${full / clips}`);
  });
});
