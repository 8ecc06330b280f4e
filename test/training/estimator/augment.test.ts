import assert from "node:assert/strict";
import { GROUP_FRAMES, HALF_GROUP, halve } from "../../../lib/rewards/estimator/groups.ts";
import { mirroredAction, reversedAction, turnedAction, turnInto } from "../../../lib/training/estimator/augment.ts";
import {
  ACTIONS,
  actionOf,
  FRAME_BYTES,
  labelOf,
  type Pose,
  ROTATIONS,
  stepPose,
  TRANSLATIONS,
} from "../../../lib/world/index.ts";
import { movingTexture, renderedAction } from "../../rewards/estimator/pictures.ts";

const actions = Array.from({ length: ACTIONS }, (_, action) => action);
const named = (translation: (typeof TRANSLATIONS)[number], rotation: (typeof ROTATIONS)[number]): number =>
  actionOf(TRANSLATIONS.indexOf(translation), ROTATIONS.indexOf(rotation));

const turned = (group: Uint8Array, mirror: boolean, reverse: boolean): Float32Array => {
  const out = new Float32Array(HALF_GROUP);
  turnInto(out, 0, halve(group), { mirror, reverse }, 1);
  return out;
};

describe("augmentation", () => {
  it("has these labels", () => {
    assert.equal(mirroredAction(named("wa", "upright")), named("wd", "upleft"));
    assert.equal(mirroredAction(named("s", "down")), named("s", "down"));
    assert.equal(reversedAction(named("wa", "upright")), named("sd", "downleft"));
    assert.equal(reversedAction(named("none", "none")), named("none", "none"));
    assert.equal(turnedAction(named("d", "left"), { mirror: true, reverse: true }), named("d", "left"));
  });

  it("twice is nothing, for all 81 actions", () => {
    for (const action of actions) {
      assert.equal(mirroredAction(mirroredAction(action)), action);
      assert.equal(reversedAction(reversedAction(action)), action);
    }
  });

  it("agrees with the paper's labels of the poses themselves", () => {
    const mirror = (pose: Pose): Pose => ({ ...pose, x: 0 - pose.x, yaw: 0 - pose.yaw });
    const from: Pose = { x: 1, z: 2, yaw: 0.7, pitch: 0.1 };
    for (const action of actions) {
      const to = stepPose(from, action);
      assert.equal(labelOf(mirror(from), mirror(to)), mirroredAction(action));
      assert.equal(labelOf(to, from), reversedAction(action));
    }
  });

  it("mirrors columns and keeps colours in place", () => {
    const group = movingTexture(1, 0);
    const mirrored = group.map((_, i) => {
      const [pixel, colour] = [Math.floor(i / 3), i % 3];
      return group[(pixel - (pixel % 80) + 79 - (pixel % 80)) * 3 + colour];
    });
    assert.deepEqual(turned(group, true, false), Float32Array.from(halve(mirrored)));
  });

  it("reverses the frames", () => {
    const group = renderedAction(named("w", "left"), 1);
    const frames = Array.from({ length: GROUP_FRAMES }, (_, f) =>
      group.subarray(f * FRAME_BYTES, (f + 1) * FRAME_BYTES),
    );
    const reversed = Uint8Array.from(Buffer.concat(frames.reverse()));
    assert.deepEqual(turned(group, false, true), Float32Array.from(halve(reversed)));
  });
});
