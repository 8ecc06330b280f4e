import assert from "node:assert/strict";
import { type ActionReading, readingsOf, stepsOf } from "../../../lib/rewards/actions/reading.ts";
import { ACTION_REWARDS, actionReward, nearness } from "../../../lib/rewards/actions/reward.ts";
import type { RewardInput } from "../../../lib/rewards/reward.ts";
import { UserError } from "../../../lib/util/errors.ts";

const oneHot = (at: number): number[] => Array.from({ length: 9 }, (_, i) => (i === at ? 1 : 0));

/** One latent in which `action` is seen beyond doubt, moving `by` steps beside its own motion. */
function reading(action: number, by = 0): ActionReading {
  const motion = stepsOf(action).map((value, axis) => value + (axis === 1 ? by : 0));
  const latent = { label: action, translation: oneHot(Math.floor(action / 9)), rotation: oneHot(action % 9), motion };
  return readingsOf([latent], [1])[0];
}
const commanded = (action: number): Int32Array => new Int32Array(4).fill(action);

describe("interaction following by an action estimator", () => {
  it("nearness is 1 at the commanded motion and falls smoothly beside it", () => {
    assert.equal(nearness(reading(9), commanded(9)), 1);
    const values = [0.1, 0.3, 0.6, 1].map((by) => nearness(reading(9, by), commanded(9)));
    assert.ok(values.every((value, i) => value < (values[i - 1] ?? 1)));
    assert.throws(() => nearness({ ...reading(9), motion: undefined }, commanded(9)), UserError);
  });

  it("scores clips by each variant, and what was changed in place anew", () => {
    const estimator = {
      name: "fake",
      sha256: "",
      read: (clips: readonly Uint8Array[]) => clips.map((clip) => reading(clip[0])),
    };
    const clips = [9, 10, 21].map(
      (seen): RewardInput => ({ frames: Uint8Array.of(seen), first: new Uint8Array(), actions: commanded(9) }),
    );
    const rewards = ACTION_REWARDS.map((variant) => actionReward(estimator, variant));
    const scores = rewards.map((reward) => reward.score(clips));
    const [hard, soft, exact, near] = scores;
    assert.deepEqual(hard, [1, 0.5, 0]);
    assert.deepEqual(soft, [1, 0.5, 0]);
    assert.deepEqual(exact, [1, 0, 0]);
    assert.ok(near[0] === 1 && near[1] < 0.2 && near[2] < near[1]);
    clips.reverse();
    clips[0].frames[0] = 9;
    assert.deepEqual(rewards[0].score(clips), [1, 0.5, 1]);
  });
});
