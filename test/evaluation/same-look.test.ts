import assert from "node:assert/strict";
import type { DriftRow } from "../../lib/evaluation/drift-memory-table.ts";
import { floorRows } from "../../lib/evaluation/floor.ts";
import { evaluationPrompts } from "../../lib/evaluation/prompts.ts";
import { lookAlike, sameLook } from "../../lib/evaluation/same-look.ts";
import { likenessPerClip, scoreVideo } from "../../lib/evaluation/score.ts";
import { accuracyUpTo } from "../../lib/evaluation/table.ts";
import { frameOf } from "../../lib/metrics/appearance.ts";
import { loadEstimator } from "../../lib/rewards/estimator/index.ts";
import { trueVideo } from "../../lib/rollout/prompts/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { mean } from "../../lib/util/statistics.ts";
import { isFree, makeScene, renderFrame } from "../../lib/world/plane/index.ts";

const CLIPS = 4;

describe("the control of the same look", function () {
  this.timeout(120_000);
  const prompts = evaluationPrompts("combined", 2, CLIPS);

  it("stands at the commanded pose in every frame, and never inside a solid", () => {
    for (const prompt of prompts) {
      const [scene, video] = [lookAlike(prompt), sameLook(prompt)];
      assert.ok(isFree(scene, prompt.poses));
      for (const frame of [0, 7, prompt.poses.length - 1])
        assert.deepEqual(frameOf(video, frame), renderFrame(scene, prompt.poses[frame]));
    }
  });

  it("obeys as the true video does", async () => {
    await openBackend();
    const estimator = loadEstimator("evaluation");
    const exact = (videoOf: typeof trueVideo): number =>
      mean(
        prompts.map((prompt) => {
          const video = videoOf(prompt);
          return accuracyUpTo(scoreVideo(video, video, prompt, estimator), CLIPS).exact;
        }),
      );
    // Of 126 steps; how sure the reading is depends on what is in view.
    assert.ok(exact(sameLook) > exact(trueVideo) - 0.1, `${exact(sameLook)} against ${exact(trueVideo)}`);
  });

  it("is another place of the same colours, and always the same one", () => {
    for (const prompt of prompts) {
      const [own, other] = [makeScene(prompt.sceneSeed), lookAlike(prompt)];
      assert.equal(other.palette, own.palette);
      assert.notEqual(other.seed, own.seed);
      assert.notDeepEqual(other.ridge, own.ridge);
      const video = sameLook(prompt);
      assert.ok(likenessPerClip(video, trueVideo(prompt)).psnr.every((psnr) => psnr < 30));
      assert.deepEqual(sameLook(prompt), video);
    }
    assert.notEqual(lookAlike(prompts[0]).seed, lookAlike(prompts[1]).seed);
  });
});

describe("rows beside the floor", () => {
  const row = (model: string, frames: number, firstPsnr: number, lastPsnr: number): DriftRow =>
    ({ model, frames, firstPsnr, lastPsnr, segmentPsnrLoss: firstPsnr - lastPsnr }) as DriftRow;

  it("split a loss into what ends at the floor and what leads below it", () => {
    const floor = [row("same-look", 125, 14, 13)];
    const [model, ...others] = floorRows([row("base", 125, 17, 12), row("base", 381, 17, 12)], floor);
    assert.deepEqual(model, { model: "base", frames: 125, firstPsnr: 17, lastPsnr: 12, floorPsnr: 13, loss: 5, excess: 1 }); // biome-ignore format: a row
    assert.equal(model.loss - model.excess, model.firstPsnr - model.floorPsnr);
    assert.deepEqual(others, []);
  });

  it("the floor itself has no excess", () => {
    const floor = [row("same-look", 125, 14, 13)];
    assert.equal(floorRows(floor, floor)[0].excess, 0);
  });
});
