import assert from "node:assert/strict";
import {
  commandedEnds,
  evaluationPrompts,
  keptOverTime,
  keptPerClip,
  keptRows,
  type Prompt,
  trueVideo,
} from "../../lib/evaluation/index.ts";
import { keptShare, sightOfSolids, solidsInView } from "../../lib/metrics/permanence.ts";
import { makeScene, renderEmpty, renderFrame } from "../../lib/world/plane/index.ts";
import { faded, frozen } from "../metrics/videos.ts";

const CLIPS = 4;

describe("objects that stay", function () {
  this.timeout(60_000);
  const prompts = evaluationPrompts("basic", 6, CLIPS);
  const truths = prompts.map(trueVideo);
  const obedient = (frames: Uint8Array, prompt: Prompt) => keptPerClip({ frames, ends: commandedEnds(prompt) }, prompt);
  const keptOf = (spoil: (truth: Uint8Array) => Uint8Array) =>
    keptOverTime(truths.map((truth, i) => obedient(spoil(truth), prompts[i])));

  it("all are there in the true video, some in a frozen one, fewer the more a video fades", () => {
    const truth = keptOf((video) => video);
    assert.deepEqual(
      truth.map(({ clip }) => clip),
      [1, 2, 3, 4],
    );
    for (const { share, videos } of truth.filter((at) => at.videos > 0)) assert.ok(share === 1 && videos <= 6);
    const first = (spoil: (video: Uint8Array) => Uint8Array): number => keptOf(spoil)[0].share;
    const fade = (s: number) => first((video) => faded(video, () => s));
    assert.ok(first(frozen) < 0.9);
    assert.ok(fade(0.4) >= fade(0.8) && fade(1) < 1);
  });

  it("a video that goes elsewhere is compared with what is to be seen from there", () => {
    const still = (prompt: Prompt) => new Array(CLIPS).fill(prompt.poses[0]);
    const shares = truths.map((truth, i) =>
      keptPerClip({ frames: frozen(truth), ends: still(prompts[i]) }, prompts[i]),
    );
    for (const { share } of keptOverTime(shares)) assert.equal(share, 1);
  });

  it("is told of each model over all its videos, of those that should show enough", () => {
    const rows = keptRows([
      { model: "a", kept: [[1, Number.NaN], [0.5, Number.NaN]] }, // biome-ignore format: a table
      { model: "b", kept: [[0, 0]] },
      { model: "a", kept: [[Number.NaN, 0.25]] },
    ]);
    assert.deepEqual(rows, [
      { model: "a", kept: [{ clip: 1, share: 0.75, videos: 2 }, { clip: 2, share: 0.25, videos: 1 }] }, // biome-ignore format: a table
      { model: "b", kept: [{ clip: 1, share: 0, videos: 1 }, { clip: 2, share: 0, videos: 1 }] }, // biome-ignore format: a table
    ]);
  });

  it("counts the solids of the first picture, each by itself, and no others", () => {
    const shown = prompts.filter(({ sceneSeed, poses }) => solidsInView(makeScene(sceneSeed), poses[0]).length > 0);
    assert.ok(shown.length >= 3);
    for (const { sceneSeed, poses } of shown) {
      const scene = makeScene(sceneSeed);
      const solids = solidsInView(scene, poses[0]);
      const sight = sightOfSolids(scene, poses[0], solids);
      assert.equal(keptShare(renderFrame(scene, poses[0]), sight), 1);
      assert.ok(keptShare(renderEmpty(scene, poses[0]), sight) < 0.2);
      assert.ok(Number.isNaN(keptShare(sight.full, sightOfSolids(scene, poses[0], []))));
    }
  });
});
