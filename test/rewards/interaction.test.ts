import assert from "node:assert/strict";
import { loadEstimator } from "../../lib/rewards/estimator/index.ts";
import { checkWeights, interactionRewards, type JudgedClip, type Reward } from "../../lib/rewards/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { mean } from "../../lib/util/statistics.ts";
import { actionOf, FRAME_BYTES, pathOf } from "../../lib/world/index.ts";
import { makeScene, planTrajectory, renderPath } from "../../lib/world/plane/index.ts";

/** True pictures of one latent's command carried out for a whole clip, judged by another or the same command. */
function clipOf(scene: number, done: number, commanded: number): JudgedClip {
  const { poses } = planTrajectory({ scene, latents: 1, kind: "basic", rng: Rng.of(scene) });
  const frames = renderPath(makeScene(scene), pathOf(poses[0], [0, done, done, done, done]));
  return { frames, first: frames.slice(0, FRAME_BYTES), actions: new Int32Array(16).fill(commanded) };
}

describe("interaction reward", () => {
  const [forward, turned] = [actionOf(1, 0), actionOf(1, 2)];
  let rewards: Reward[];

  before(async () => {
    await openBackend();
    rewards = interactionRewards(loadEstimator("reward"), ["hard", "soft", "exact"]);
  });

  it("tells what was commanded and done from what was not", () => {
    const scenes = Array.from({ length: 6 }, (_, i) => 4_000_000 + i);
    const average = (done: number, commanded: number): number[] => {
      const clips = scenes.map((scene) => clipOf(scene, done, commanded));
      return rewards.map((reward) => mean(reward.score(clips)));
    };
    const right = average(turned, turned);
    const half = average(forward, turned);
    const wrong = average(actionOf(2, 1), turned);
    assert.ok(right[0] > 0.9 && right[1] > 0.8 && right[2] > 0.8, `${right}`);
    assert.ok(half[0] > 0.4 && half[0] < 0.65, `${half}`);
    assert.ok(wrong[0] < 0.2 && wrong[2] < 0.1, `${wrong}`);
  });

  it("is the mean of translation and rotation accuracy, and soft where the estimator is unsure", () => {
    const [hard, soft] = rewards.map((reward) => reward.score([clipOf(4_000_000, turned, turned)])[0]);
    assert.ok(soft > 0 && soft <= 1);
    assert.equal((hard * 32) % 1, 0);
  });

  it("weights must be sound", () => {
    checkWeights([
      { reward: rewards[0], weight: 1 },
      { reward: rewards[1], weight: 0 },
    ]);
    assert.throws(() => checkWeights([{ reward: rewards[0], weight: 0 }]), UserError);
    assert.throws(() => checkWeights([{ reward: rewards[0], weight: -1 }]), UserError);
    assert.throws(() => checkWeights([]), UserError);
  });
});
