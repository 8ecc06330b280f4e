import assert from "node:assert/strict";
import { evaluationPrompts } from "../../lib/evaluation/prompts.ts";
import { scoreVideo } from "../../lib/evaluation/score.ts";
import { loadEstimator } from "../../lib/rewards/estimator/index.ts";
import type { Pictured, Preference } from "../../lib/rewards/preference/index.ts";
import { trueVideo } from "../../lib/rollout/prompts/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { FRAME_BYTES } from "../../lib/world/index.ts";

describe("scores of a video", () => {
  before(async () => {
    await openBackend();
  });

  it("look at the last frame of every latent beside the first frame, clip by clip", function () {
    this.timeout(120_000);
    const [prompt] = evaluationPrompts("basic", 1, 2);
    const video = trueVideo(prompt);
    const asked: Pictured[] = [];
    const preference: Preference = {
      sha256: "",
      score: (pictured) => {
        asked.push(...pictured);
        const mean = Float32Array.from(pictured, (_, i) => i);
        return { mean, variance: mean };
      },
    };
    const { visual, psnr } = scoreVideo(video, video, prompt, loadEstimator("evaluation"), preference);
    // Three latents after the given picture, then four.
    assert.deepEqual(visual, [1, 4.5]);
    assert.equal(psnr.length, 2);
    const frames = asked.map(({ picture }) => (picture.byteOffset - video.byteOffset) / FRAME_BYTES);
    assert.deepEqual(frames, [4, 8, 12, 16, 20, 24, 28]);
    assert.ok(asked.every(({ first }) => first.byteOffset === video.byteOffset && first.length === FRAME_BYTES));
  });
});
