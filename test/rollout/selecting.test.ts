import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { generateVideos } from "../../lib/evaluation/videos.ts";
import type { Reward, RewardInput } from "../../lib/rewards/reward.ts";
import { exploration, NO_EXPLORATION } from "../../lib/rollout/explore.ts";
import { type Prompt, promptsOf } from "../../lib/rollout/prompt.ts";
import { selecting } from "../../lib/rollout/selecting.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../model/fake.ts";

const FRAME = 80 * 48 * 3;
const explore = exploration(NO_EXPLORATION);
const brightness = ({ frames }: RewardInput): number => frames[frames.length - 1];

describe("a sampler that selects", () => {
  let prompts: Prompt[];
  before(async () => {
    await openBackend();
    prompts = await promptsOf(courtyard, "rl", "combined", 2, 3);
  });

  const made = (reward: Reward, branches: number) =>
    generateVideos(selecting(fakeModel({ centre: tf.scalar(0) }), { reward, branches, explore }), prompts);

  it("goes on with the candidate of the highest score, the same from the same seed", async () => {
    const seen: number[][] = [];
    const bright: Reward = {
      name: "bright",
      score: (clips) => {
        seen.push(clips.map(brightness));
        return clips.map(brightness);
      },
    };
    const videos = await made(bright, 4);
    assert.equal(seen.length, 3);
    for (const [n, scores] of seen.entries())
      for (const [i, video] of videos.entries()) {
        const last = video[(16 * (n + 1) - 3) * FRAME - 1];
        assert.equal(last, Math.max(...scores.slice(4 * i, 4 * i + 4)));
      }
    assert.deepEqual(await made(bright, 4), videos);
    const dark: Reward = { name: "dark", score: (clips) => clips.map((clip) => -brightness(clip)) };
    assert.ok((await made(dark, 4))[0][FRAME - 1] < videos[0][FRAME - 1]);
  });

  it("shows rewards what post-training shows them: the clip after its last picture, commands, the camera's path", async () => {
    const inputs: RewardInput[] = [];
    const look: Reward = { name: "look", score: (clips) => clips.map((clip) => inputs.push(clip)) };
    const [video] = await made(look, 1);
    const [, , second] = inputs;
    assert.equal(inputs.length, 6);
    assert.equal(inputs[0].history, undefined);
    assert.equal(inputs[0].frames.length, 13 * FRAME);
    assert.equal(second.frames.length, 17 * FRAME);
    assert.deepEqual(Buffer.from(second.frames), Buffer.from(video.subarray(12 * FRAME, 29 * FRAME)));
    assert.deepEqual(second.history?.poses, prompts[0].poses.slice(0, 13));
    assert.deepEqual(second.history?.upcoming, prompts[0].poses.slice(13, 29));
    assert.deepEqual(Buffer.from(second.history?.frames() ?? []), Buffer.from(video.subarray(0, 13 * FRAME)));
  });

  it("names the candidate whose score is none", async () => {
    const broken: Reward = { name: "broken", score: (clips) => clips.map((_, i) => (i === 3 ? Number.NaN : 0)) };
    await assert.rejects(made(broken, 2), /reward "broken" .*video 1, candidate 1/);
  });
});
