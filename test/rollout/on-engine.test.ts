import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { generateVideos, generateVideosOn } from "../../lib/evaluation/videos.ts";
import { exploration, NO_EXPLORATION } from "../../lib/rollout/explore.ts";
import { type Prompt, promptsOf } from "../../lib/rollout/prompt.ts";
import { rollOutHere, rollOutOn } from "../../lib/rollout/roll-out.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import type { Engine } from "../../lib/runtime/engine/engine.ts";
import { localEngine } from "../../lib/runtime/engine/local.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../model/fake.ts";
import { fakeCarrier } from "../model/fake-portable.ts";

const OPTIONS = { branches: 3, explore: { ...NO_EXPLORATION, perturbed: 1 }, key: [7] };

describe("rollouts and videos by workers", function () {
  this.timeout(120_000);
  let engine: Engine;
  let prompts: Prompt[];
  before(async () => {
    await openBackend();
    engine = localEngine(2);
    prompts = await promptsOf(courtyard, "rl", "basic", 5, 3);
  });
  after(() => engine.close());

  for (const depth of [0, 2])
    it(`are those of this process, whatever a job holds, at clip ${depth}`, async () => {
      const policy = fakeModel({ centre: tf.scalar(0.3) });
      const here = await rollOutHere(policy, prompts, depth, OPTIONS);
      for (const perJob of [1, 3]) {
        const there = await rollOutOn(engine, fakeCarrier, perJob)(policy, prompts, depth, OPTIONS);
        assert.equal(there.length, 5);
        for (const [i, group] of there.entries()) {
          assert.equal(group.prompt, prompts[i]);
          assert.deepEqual(group.candidates, here[i].candidates);
          assert.deepEqual(group.conditioning, here[i].conditioning);
          for (const [b, judged] of group.inputs.entries()) {
            const expected = here[i].inputs[b];
            assert.deepEqual({ ...judged, history: undefined }, { ...expected, history: undefined });
            assert.deepEqual(judged.history?.frames(), expected.history?.frames());
            assert.deepEqual(judged.history?.upcoming, expected.history?.upcoming);
          }
        }
      }
    });

  it("another policy is another rollout, and no weights stay behind", async () => {
    const rollOut = rollOutOn(engine, fakeCarrier);
    const [a] = await rollOut(fakeModel({ centre: tf.scalar(0.3) }), prompts.slice(0, 1), 0, OPTIONS);
    const [b] = await rollOut(fakeModel({ centre: tf.scalar(-2) }), prompts.slice(0, 1), 0, OPTIONS);
    assert.notDeepEqual(a.candidates, b.candidates);
  });

  it("a named exploration travels, one of one's own is refused", async () => {
    const policy = fakeModel({ centre: tf.scalar(0.3) });
    const named = { ...OPTIONS, exploration: exploration({ ...NO_EXPLORATION, perturbed: 2 }) };
    const [here] = await rollOutHere(policy, prompts.slice(0, 1), 0, named);
    const [there] = await rollOutOn(engine, fakeCarrier)(policy, prompts.slice(0, 1), 0, named);
    assert.deepEqual(there.candidates, here.candidates);
    const own = { ...OPTIONS, exploration: () => [] };
    await assert.rejects(rollOutOn(engine, fakeCarrier)(policy, prompts, 0, own), /does not travel to workers/);
  });

  it("videos are the same from workers, in parts of any size", async () => {
    const model = fakeModel({ centre: tf.scalar(0.3) });
    const clips: number[] = [];
    const options = { clips: 2, samplingSeed: 4, side: 2, onClips: (n: number) => clips.push(n) };
    const portable = await fakeCarrier.pack(engine, model.params);
    const there = await generateVideosOn(engine, portable, prompts, options);
    assert.deepEqual(there, await generateVideos(model, prompts, { clips: 2, samplingSeed: 4 }));
    assert.equal(
      clips.reduce((x, y) => x + y),
      10,
    );
  });
});
