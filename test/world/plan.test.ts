import assert from "node:assert/strict";
import fc from "fast-check";
import { Rng } from "../../lib/util/rng.ts";
import { isBasic, isCombined } from "../../lib/world/actions.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { RECIPES } from "../../lib/world/dataset/recipes.ts";
import { moved, trajectoryOf } from "../../lib/world/motion.ts";
import { COMMANDS, checkPlan, type Plan, planTrajectory } from "../../lib/world/plan.ts";

const PLAN: Plan = { ...RECIPES.pretrain, commands: "mix", latents: 24 };

describe("planned trajectories", () => {
  it("are free at every pose, carry out exactly what is commanded, and are the same again", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.constantFrom(...COMMANDS), (seed, commands) => {
        const level = courtyard.level(seed);
        const plan = { ...PLAN, commands };
        const { actions, poses } = planTrajectory(level, courtyard.step, plan, Rng.of(seed));
        assert.equal(actions[0], 0);
        assert.equal(poses.length, 4 * plan.latents - 3);
        assert.ok(poses.every((pose) => level.isFree(pose)));
        assert.deepEqual(trajectoryOf(poses[0], actions, courtyard.step), poses);
        for (let f = 1; f < poses.length; f++)
          assert.deepEqual(moved(poses[f - 1], actions[Math.ceil(f / 4)], courtyard.step), poses[f]);
        assert.deepEqual(planTrajectory(level, courtyard.step, plan, Rng.of(seed)), { actions, poses });
      }),
      { numRuns: 40 },
    );
  });

  it("draw the kinds asked for, and never an action that is held out", () => {
    const actionsOf = (plan: Plan): number[] =>
      Array.from({ length: 20 }, (_, i) => [
        ...planTrajectory(courtyard.level(i), courtyard.step, plan, Rng.of(i)).actions.subarray(1),
      ]).flat();
    assert.ok(actionsOf({ ...PLAN, commands: "basic" }).every(isBasic));
    assert.ok(actionsOf({ ...PLAN, commands: "combined" }).every(isCombined));
    const without = [9, 1];
    assert.ok(!actionsOf({ ...PLAN, commands: "uniform", without }).some((action) => without.includes(action)));
  });

  it("the pre-training recipe has between 0.5 and 2 % combined latents", () => {
    const { commands: _, ...recipe } = RECIPES.pretrain;
    const plan: Plan = { ...recipe, commands: "mix", latents: 40 };
    const actions = Array.from({ length: 600 }, (_, i) => [
      ...planTrajectory(courtyard.level(i), courtyard.step, plan, Rng.of("share", i)).actions.subarray(1),
    ]).flat();
    const share = actions.filter(isCombined).length / actions.length;
    assert.ok(share > 0.005 && share < 0.02, `${share}`);
  });

  it("an action and its opposite lead back", () => {
    const start = { x: 1, z: 2, yaw: 0.7, pitch: 0.1 };
    const there = moved(start, 9 * 5 + 5, courtyard.step);
    const back = moved(there, 9 * 8 + 8, courtyard.step);
    for (const key of ["x", "z", "yaw", "pitch"] as const) assert.ok(Math.abs(back[key] - start[key]) < 1e-12);
  });

  it("refuses plans that make no sense", () => {
    assert.throws(() => checkPlan({ ...PLAN, latents: 1.5 }), /trajectory of 1.5 latents/);
    assert.throws(() => checkPlan({ ...PLAN, segment: [3, 2] }), /segments of 3 to 2/);
    assert.throws(() => checkPlan({ ...PLAN, combinedShare: 0.8, noneShare: 0.5 }), /shares of 0.8 and 0.5/);
  });
});
