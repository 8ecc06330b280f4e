/** What cannot be rolled out to its end is refused before its first clip. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { generateVideos } from "../../lib/evaluation/videos.ts";
import type { TrainableWorldModel } from "../../lib/model/worldModel.ts";
import { exploration, NO_EXPLORATION } from "../../lib/rollout/explore.ts";
import { rollOutGroups } from "../../lib/rollout/group.ts";
import { type Prompt, promptsOf } from "../../lib/rollout/prompt.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../model/fake.ts";

const OPTIONS = { branches: 2, explore: exploration(NO_EXPLORATION), key: ["length"] };

describe("prompts that are too short", () => {
  let model: TrainableWorldModel;
  let prompts: Prompt[];
  let [begun, disposed] = [0, 0];

  before(async () => {
    await openBackend();
    const fake = fakeModel({ centre: tf.scalar(0) });
    model = {
      ...fake,
      reset: async (starts) => {
        begun++;
        const rollout = await fake.reset(starts);
        return Object.assign(Object.create(rollout), { dispose: () => disposed++ });
      },
    };
    const [long] = await promptsOf(courtyard, "rl", "basic", 1, 3);
    prompts = [long, { ...long, actions: long.actions.subarray(0, 6) }];
  });
  beforeEach(() => {
    [begun, disposed] = [0, 0];
  });

  it("are named with their length before a video is begun", async () => {
    const wrong = /UserError: the prompt of video 1 has 6 latents, 3 clips need 12/;
    await assert.rejects(generateVideos(model, prompts, { clips: 3, samplingSeed: 0 }), wrong);
    await assert.rejects(rollOutGroups(model, prompts, 2, OPTIONS), wrong);
    for (const clips of [0, -1, 1.5, Number.NaN])
      await assert.rejects(generateVideos(model, prompts, { clips, samplingSeed: 0 }), /UserError: .* clips/);
    assert.equal(begun, 0);
  });

  it("or anything else that fails on the way leaves no rollout open", async () => {
    const failing = { ...OPTIONS, explore: () => assert.fail("on the way") };
    await assert.rejects(rollOutGroups(model, prompts, 0, failing), /on the way/);
    assert.deepEqual([begun, disposed], [1, 1]);
  });
});
