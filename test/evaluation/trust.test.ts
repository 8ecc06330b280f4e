import assert from "node:assert/strict";
import { evaluationPrompts } from "../../lib/evaluation/prompts.ts";
import { interactionTrust, type TrustPoint, trustByDepth } from "../../lib/evaluation/trust.ts";
import { loadEstimator } from "../../lib/rewards/estimator/index.ts";
import { trueVideo } from "../../lib/rollout/prompts/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";

describe("trust in the interaction reward", () => {
  it("is about every clip; the true world gives true videos full marks", async function () {
    this.timeout(300_000);
    await openBackend();
    const prompts = evaluationPrompts("basic", 1, 1);
    const judges = { reward: loadEstimator("reward"), heldOut: loadEstimator("evaluation") };
    const points = interactionTrust(prompts.map(trueVideo), prompts, judges);
    assert.deepEqual(
      points.map(({ video, clip, truth }) => [video, clip, truth]),
      [[0, 0, 1]],
    );
    for (const { reward, heldOut } of points)
      for (const value of [reward, heldOut]) assert.ok(value > 0.5 && value <= 1);
  });

  it("is summed up by depth", () => {
    const point = (clip: number, reward: number, truth: number): TrustPoint => {
      return { video: 0, clip, reward, heldOut: 1 - reward, truth };
    };
    const points = [point(1, 0.2, 0.9), point(0, 0.1, 0.2), point(1, 0.4, 0.5), point(0, 0.5, 0.6), point(0, 0.6, 0.7)];
    const [first, second] = trustByDepth(points);
    assert.deepEqual([first.clip, first.clips, second.clip, second.clips], [0, 3, 1, 2]);
    assert.ok(Math.abs(first.reward - 0.4) < 1e-12 && Math.abs(first.truth - 0.5) < 1e-12);
    assert.deepEqual([first.withTruth, first.withHeldOut, second.withTruth], [1, -1, -1]);
  });
});
