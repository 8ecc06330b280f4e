import assert from "node:assert/strict";
import fc from "fast-check";
import { stepActions } from "../../lib/metrics/accuracy.ts";
import { appearanceReward } from "../../lib/rewards/drift.ts";
import { fidelityReward } from "../../lib/rewards/fidelity.ts";
import { revisitReward } from "../../lib/rewards/memory.ts";
import type { RewardInput } from "../../lib/rewards/reward.ts";
import { clipActions } from "../../lib/rollout/prompt.ts";
import { framesOf } from "../../lib/world/config.ts";
import { trajectoryOf } from "../../lib/world/motion.ts";
import { CAMERA, FRAME_BYTES, faded, noisy, STEP, type TestVideo, VIDEOS } from "../metrics/videos.ts";

const [PROMPT] = VIDEOS;
const framesOfClips = (clips: number): number => (clips === 0 ? 0 : framesOf(4 * clips));

/** Clip `n` of a video as it is judged: with the frame before it, and what came before. */
function judged(video: Uint8Array, n: number, { actions, poses }: Omit<TestVideo, "truth"> = PROMPT): RewardInput {
  const [from, to] = [framesOfClips(n), framesOfClips(n + 1)];
  const before = video.subarray(0, from * FRAME_BYTES);
  return {
    frames: video.slice((from - 1) * FRAME_BYTES, to * FRAME_BYTES),
    first: video.slice(0, FRAME_BYTES),
    actions: stepActions([0, ...clipActions({ actions }, n)]),
    history: { poses: poses.slice(0, from), upcoming: poses.slice(from, to), frames: () => before },
  };
}

const firstClip = (video: Uint8Array): RewardInput => {
  const { history, ...rest } = judged(video, 1);
  return rest;
};

const severity = fc.double({ min: 0, max: 1, noNaN: true });
/** Only clip 7 is spoiled: what it is compared with stays. */
const lastClip = (most: number) => (frame: number) => (frame >= framesOfClips(7) ? most : 0);

describe("rewards that look back", () => {
  const { truth } = PROMPT;
  const rewards = [revisitReward({ camera: CAMERA, step: STEP }), appearanceReward(CAMERA)];

  it("have nothing to say of a video's first clip", () => {
    for (const reward of rewards) assert.deepEqual(reward.score([firstClip(truth)]), [0]);
  });

  it("revisits: nothing to say on the way out, near perfect on the true way back", () => {
    const [reward] = rewards;
    const [out, back] = reward.score([judged(truth, 2), judged(truth, 7)]);
    assert.equal(out, 0);
    // Poses that came about in another order of additions differ in the last digits, and pixels with them.
    assert.ok(back < 0.001 && back > -0.002, `${back}`);
    const wrong = truth.slice();
    wrong.copyWithin(framesOfClips(7) * FRAME_BYTES, 60 * FRAME_BYTES, 76 * FRAME_BYTES);
    assert.ok(reward.score([judged(wrong, 7)])[0] < -0.03, "another place is worse");
  });

  it("more corruption never scores better", () => {
    fc.assert(
      fc.property(severity, severity, fc.constantFrom(faded, noisy), (a, b, spoil) => {
        const clips = [Math.min(a, b), Math.max(a, b)].map((s) => judged(spoil(truth, lastClip(s)), 7));
        const [mild, gross] = rewards[0].score(clips);
        assert.ok(mild >= gross - 1e-3, `${mild} ${gross}`);
      }),
      { numRuns: 3 },
    );
  });

  it("drift: a clip that fades away from the first one never scores better for fading more", () => {
    // A view that stands still, so that fading is all that changes.
    const still = truth.map((_, i) => truth[i % FRAME_BYTES]);
    fc.assert(
      fc.property(severity, severity, (a, b) => {
        const clips = [Math.min(a, b), Math.max(a, b)].map((s) => judged(faded(still, lastClip(s)), 7));
        const [mild, gross] = rewards[1].score(clips);
        assert.ok(mild <= 0 && mild >= gross - 1e-6, `${mild} ${gross}`);
      }),
      { numRuns: 3 },
    );
    assert.equal(Math.abs(rewards[1].score([judged(still, 7)])[0]), 0);
  });

  it("fidelity: of a view that stands still, fading and noise never score better for being more", () => {
    const reward = fidelityReward(CAMERA);
    const still = truth.map((_, i) => truth[i % FRAME_BYTES]);
    fc.assert(
      fc.property(severity, severity, fc.constantFrom(faded, noisy), (a, b, spoil) => {
        const clips = [Math.min(a, b), Math.max(a, b)].map((s) => judged(spoil(still, lastClip(s)), 7));
        const [mild, gross] = reward.score(clips);
        // Grain is random: two draws of nearly the same strength may differ a little.
        assert.ok(mild <= 0 && mild >= gross - 1e-3, `${mild} ${gross}`);
      }),
      { numRuns: 3 },
    );
    const [perfect, first] = reward.score([judged(still, 7), firstClip(still)]);
    assert.equal(Math.abs(perfect) + Math.abs(first), 0);
  });

  it("standing still is not rewarded as memory", () => {
    const poses = trajectoryOf(PROMPT.poses[0], new Uint8Array(PROMPT.actions.length), STEP);
    const still = truth.map((_, i) => truth[i % FRAME_BYTES]);
    assert.deepEqual(rewards[0].score([judged(still, 7, { ...PROMPT, poses })]), [0]);
  });
});
