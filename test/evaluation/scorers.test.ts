import assert from "node:assert/strict";
import { evaluationPrompts } from "../../lib/evaluation/prompts.ts";
import { compareScorers, type Scorer } from "../../lib/evaluation/scorers.ts";
import type { Pictured } from "../../lib/rewards/preference/index.ts";
import { trueVideo } from "../../lib/rollout/prompts/index.ts";
import { drawSpoil } from "../../lib/training/preference/corrupt.ts";
import { Rng } from "../../lib/util/rng.ts";
import { FRAME_BYTES } from "../../lib/world/index.ts";

/** How much neighbouring bytes of a row differ: what a naive judge takes for sharpness. */
const sharpness = ({ picture }: Pictured): number => {
  let sum = 0;
  for (let i = 3; i < picture.length; i++) sum += Math.abs(picture[i] - picture[i - 3]);
  return sum / picture.length;
};

const scorer = (name: string, score: (pictured: Pictured) => number): Scorer => ({
  name,
  preference: {
    sha256: "",
    score: (pictures) => {
      const mean = Float32Array.from(pictures, score);
      return { mean, variance: mean };
    },
  },
});

const spoiledBy = (severity: number, video: Uint8Array): Uint8Array => {
  const spoil = drawSpoil("sharpen", Rng.of(1));
  const out = video.slice();
  for (let i = FRAME_BYTES; i < video.length; i += FRAME_BYTES)
    out.set(spoil(video.subarray(i, i + FRAME_BYTES), severity), i);
  return out;
};

describe("comparison of visual scorers", () => {
  it("tells one that can be hacked: its score goes up where the likeness to the truth goes down", () => {
    const truths = evaluationPrompts("basic", 2, 1).map(trueVideo);
    const policies = [0.05, 0.3, 0.8].map((severity) => ({
      name: `sharpened by ${severity}`,
      videos: truths.map((truth) => spoiledBy(severity, truth)),
    }));
    const scorers = [scorer("naive", sharpness), scorer("contrary", (pictured) => -sharpness(pictured))];
    const { policies: rows, scorers: verdicts } = compareScorers(scorers, policies, truths);
    for (const i of [1, 2]) {
      assert.ok(rows[i].psnr < rows[i - 1].psnr && rows[i].ssim < rows[i - 1].ssim);
      assert.ok(rows[i].scores.naive > rows[i - 1].scores.naive);
    }
    const [naive, contrary] = verdicts;
    assert.deepEqual([naive.psnrWithin, naive.ssimWithin], [-1, -1]);
    assert.deepEqual([contrary.psnrWithin, contrary.ssimWithin], [1, 1]);
    assert.ok(naive.psnr < 0 && contrary.psnr === -naive.psnr);
  });
});
