import assert from "node:assert/strict";
import { loadTokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { rlPrompts } from "../../../lib/rollout/index.ts";
import { clipActions, framesOfClips, startOf, trueVideo } from "../../../lib/rollout/prompts/index.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { FRAME_BYTES } from "../../../lib/world/index.ts";

describe("prompts", () => {
  const [prompt] = rlPrompts(0, 0, 1, 2);

  it("have the paper's numbers of frames, and true pictures for them", () => {
    assert.deepEqual([8, 16, 24].map(framesOfClips), [125, 253, 381]);
    assert.equal(trueVideo(prompt).length, framesOfClips(2) * FRAME_BYTES);
  });

  it("give four actions to a clip", () => {
    assert.deepEqual(clipActions(prompt.actions, 1), prompt.actions.subarray(4, 8));
  });

  it("start with one latent of the true picture, at its camera", async () => {
    await openBackend();
    const { latent, pose } = startOf(prompt, loadTokeniser());
    assert.equal(latent.length, 15 * 128);
    assert.deepEqual(pose, prompt.poses[0]);
  });
});
