import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ACTIONS,
  actionOf,
  axesOf,
  BASIC_PRIMITIVES,
  COMBINED_PRIMITIVES,
  isBasic,
  isCombined,
  labelOf,
  motionOf,
  PITCH_STEP,
  type Pose,
  PRIMITIVES,
  pathOf,
  stepPose,
  TRANSLATION_STEP,
  YAW_STEP,
} from "../../lib/world/index.ts";

const actions = Array.from({ length: ACTIONS }, (_, action) => action);
const finite = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const pose: fc.Arbitrary<Pose> = fc.record({ x: finite(500), z: finite(500), yaw: finite(20), pitch: finite(0.3) });

describe("actions", () => {
  it("labelOf inverts stepPose for all 81 actions, from any pose", () => {
    fc.assert(
      fc.property(pose, (from) => {
        for (const action of actions) assert.equal(labelOf(from, stepPose(from, action)), action);
      }),
      { numRuns: 50 },
    );
  });

  it("every translation is of one length, and turns are of the configured angle", () => {
    for (const action of actions) {
      const { forward, rightward, yaw, pitch } = motionOf(action);
      const to = stepPose({ x: 0, z: 0, yaw: 1, pitch: 0 }, action);
      const moves = forward !== 0 || rightward !== 0;
      assert.ok(Math.abs(Math.hypot(to.x, to.z) - (moves ? TRANSLATION_STEP : 0)) < 1e-12);
      assert.ok(Math.abs(to.yaw - 1 - yaw * YAW_STEP) < 1e-12);
      assert.ok(Math.abs(to.pitch - pitch * PITCH_STEP) < 1e-12);
    }
  });

  it("W goes along +z and D along +x at yaw 0; right turns towards +x", () => {
    const origin = { x: 0, z: 0, yaw: 0, pitch: 0 };
    assert.ok(stepPose(origin, actionOf(1, 0)).z > 0);
    assert.ok(stepPose(origin, actionOf(4, 0)).x > 0);
    assert.ok(stepPose({ ...origin, yaw: Math.PI / 2 }, actionOf(1, 0)).x > 0);
    assert.ok(stepPose(origin, actionOf(0, 2)).yaw > 0);
    assert.ok(stepPose(origin, actionOf(0, 3)).pitch > 0);
  });

  it("the opposite action leads exactly back", () => {
    const start = { x: 1, z: 2, yaw: 0.7, pitch: 0.1 };
    const back = stepPose(stepPose(start, actionOf(5, 6)), actionOf(8, 7));
    for (const key of ["x", "z", "yaw", "pitch"] as const) assert.ok(Math.abs(back[key] - start[key]) < 1e-12);
  });

  it("labels follow the paper's thresholds: under 60 degrees to an axis sets it", () => {
    const label = (degrees: number, length = TRANSLATION_STEP): number => {
      const angle = (degrees * Math.PI) / 180;
      const to = { x: length * Math.sin(angle), z: length * Math.cos(angle), yaw: 0, pitch: 0 };
      return labelOf({ x: 0, z: 0, yaw: 0, pitch: 0 }, to);
    };
    const [w, wd, d, sd, s] = [1, 6, 4, 8, 2].map((t) => actionOf(t, 0));
    assert.deepEqual(
      [0, 29, 31, 59, 61, 90, 119, 121, 149, 151, 180].map((a) => label(a)),
      [w, w, wd, wd, d, d, d, sd, sd, s, s],
    );
    assert.equal(label(0, TRANSLATION_STEP / 4), 0);
  });

  it("a path has 4 * latents - 3 poses and ignores the first action", () => {
    const start = { x: 0, z: 0, yaw: 0, pitch: 0 };
    assert.deepEqual(pathOf(start, [9]), [start]);
    assert.equal(pathOf(start, [9, 9, 9, 9]).length, 13);
  });

  it("32 primitives: 8 basic, 24 combined, each once", () => {
    assert.equal(new Set(PRIMITIVES).size, 32);
    assert.equal(BASIC_PRIMITIVES.length, 8);
    assert.equal(COMBINED_PRIMITIVES.length, 24);
    assert.ok(BASIC_PRIMITIVES.every(isBasic) && COMBINED_PRIMITIVES.every(isCombined));
    assert.equal(Math.max(...PRIMITIVES.map(axesOf)), 2);
  });
});
