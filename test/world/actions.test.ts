import assert from "node:assert/strict";
import fc from "fast-check";
import { ACTIONS, actionOf, actionOfMotion, axesOf, isBasic, isCombined, motionOf } from "../../lib/world/actions.ts";
import type { Pose } from "../../lib/world/camera.ts";
import { moved, trajectoryOf } from "../../lib/world/motion.ts";
import { BASIC_PRIMITIVES, COMBINED_PRIMITIVES, PRIMITIVES } from "../../lib/world/primitives.ts";

const STEP = { translation: 0.1, yaw: 0.04, pitch: 0.02 };
const actions = Array.from({ length: ACTIONS }, (_, action) => action);
const finite = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const pose: fc.Arbitrary<Pose> = fc.record({ x: finite(500), z: finite(500), yaw: finite(20), pitch: finite(0.3) });

describe("actions", () => {
  it("a motion's signs name its action, for all 81", () => {
    for (const action of actions) assert.equal(actionOfMotion(motionOf(action)), action);
  });

  it("every translation is of one length, and turns are of the configured angle", () => {
    for (const action of actions) {
      const { forward, rightward, yaw, pitch } = motionOf(action);
      const to = moved({ x: 0, z: 0, yaw: 1, pitch: 0 }, action, STEP);
      const moves = forward !== 0 || rightward !== 0;
      assert.ok(Math.abs(Math.hypot(to.x, to.z) - (moves ? STEP.translation : 0)) < 1e-12);
      assert.ok(Math.abs(to.yaw - 1 - yaw * STEP.yaw) < 1e-12);
      assert.ok(Math.abs(to.pitch - pitch * STEP.pitch) < 1e-12);
    }
  });

  it("W goes along +z and D along +x at yaw 0; right turns towards +x", () => {
    const origin = { x: 0, z: 0, yaw: 0, pitch: 0 };
    assert.ok(moved(origin, actionOf(1, 0), STEP).z > 0);
    assert.ok(moved(origin, actionOf(4, 0), STEP).x > 0);
    assert.ok(moved({ ...origin, yaw: Math.PI / 2 }, actionOf(1, 0), STEP).x > 0);
    assert.ok(moved(origin, actionOf(0, 2), STEP).yaw > 0);
    assert.ok(moved(origin, actionOf(0, 3), STEP).pitch > 0);
  });

  it("the opposite action leads exactly back, from any pose", () => {
    fc.assert(
      fc.property(pose, fc.constantFrom(...actions), (start, action) => {
        const { forward, rightward, yaw, pitch } = motionOf(action);
        // Not -0, which is no sign of a motion.
        const signs = { forward: 0 - forward, rightward: 0 - rightward, yaw: 0 - yaw, pitch: 0 - pitch };
        const back = moved(moved(start, action, STEP), actionOfMotion(signs), STEP);
        for (const key of ["x", "z", "yaw", "pitch"] as const) assert.ok(Math.abs(back[key] - start[key]) < 1e-9);
      }),
    );
  });

  it("a path has 4 * latents - 3 poses and ignores the first action", () => {
    const start = { x: 0, z: 0, yaw: 0, pitch: 0 };
    assert.deepEqual(trajectoryOf(start, [9], STEP), [start]);
    assert.equal(trajectoryOf(start, [9, 9, 9, 9], STEP).length, 13);
  });

  it("32 primitives: 8 basic, 24 combined, each once", () => {
    assert.equal(new Set(PRIMITIVES).size, 32);
    assert.equal(BASIC_PRIMITIVES.length, 8);
    assert.equal(COMBINED_PRIMITIVES.length, 24);
    assert.ok(BASIC_PRIMITIVES.every(isBasic) && COMBINED_PRIMITIVES.every(isCombined));
    assert.equal(Math.max(...PRIMITIVES.map(axesOf)), 2);
  });
});
