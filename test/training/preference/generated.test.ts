import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { promptsOf } from "../../../lib/rollout/prompt.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { generatedVideos } from "../../../lib/training/preference/generated.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../../model/fake.ts";

describe("a world model's own videos", () => {
  before(() => openBackend());

  it("hold keyframes of the last clip and of every third before it, each in all its versions", async () => {
    const prompts = await promptsOf(courtyard, "preference", "basic", 2, 4);
    const encode = (): { latents: Float32Array }[] =>
      Array.from({ length: 4 }, () => ({ latents: new Float32Array(8).fill(1) }));
    const videos = await generatedVideos(fakeModel({ centre: tf.scalar(0) }), prompts, {
      clips: 4,
      encode,
      key: ["test"],
    });
    assert.equal(videos.length, 2);
    for (const [i, { first, keyframes }] of videos.entries()) {
      assert.equal(first, prompts[i].start.frame);
      // Clip 0 has three keyframes after the given picture, clip 3 has four.
      assert.deepEqual(
        keyframes.map(({ clip }) => clip),
        [0, 0, 0, 3, 3, 3, 3],
      );
      for (const { versions, reconstruction } of keyframes) {
        assert.deepEqual(
          versions.map(({ origin }) => origin),
          ["own", "own", "own", "own", "fresh", "fresh", 0.5, 0.75, 0.9],
        );
        assert.ok(versions.every(({ picture }) => picture.length === reconstruction.length));
        assert.equal(reconstruction[0], 188);
      }
    }
  });
});
