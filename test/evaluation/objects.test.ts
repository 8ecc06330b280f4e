import assert from "node:assert/strict";
import {
  commandedEnds,
  type Evaluated,
  evaluationPrompts,
  keptOverTime,
  keptRows,
  type Prompt,
  trueVideo,
} from "../../lib/evaluation/index.ts";
import { keptShare, sightOfSolids, solidsInView } from "../../lib/metrics/permanence.ts";
import { makeScene, renderEmpty, renderFrame } from "../../lib/world/index.ts";
import { faded, frozen } from "../metrics/videos.ts";

const CLIPS = 4;

describe("objects that stay", function () {
  this.timeout(60_000);
  const prompts = evaluationPrompts("basic", 6, CLIPS);
  const truths = prompts.map(trueVideo);
  const keptOf = (spoil: (truth: Uint8Array) => Uint8Array) =>
    keptOverTime(
      truths.map((truth, i) => ({ frames: spoil(truth), ends: commandedEnds(prompts[i]) })),
      prompts,
    );

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
    const videos = truths.map((truth, i) => ({ frames: frozen(truth), ends: still(prompts[i]) }));
    for (const { share } of keptOverTime(videos, prompts)) assert.equal(share, 1);
  });

  it("is told of each model over its videos of every kind of prompt", () => {
    const others = evaluationPrompts("combined", 2, CLIPS);
    const sets = [
      { kind: "basic" as const, prompts, truths },
      { kind: "combined" as const, prompts: others, truths: others.map(trueVideo) },
    ];
    const shown = (model: string, spoil: (truth: Uint8Array) => Uint8Array): Evaluated[] =>
      sets.map(({ kind, prompts: own, truths: films }) => ({
        ...{ model, actions: kind, evaluator: "none", bySeed: new Map() },
        ...{ videos: films.map(spoil), ends: own.map(commandedEnds) },
      }));
    const evaluated = [...shown("true", (video) => video), ...shown("frozen", frozen)];
    const [ofTruth, ofFrozen] = keptRows(evaluated, sets);
    assert.deepEqual([ofTruth.model, ofFrozen.model], ["true", "frozen"]);
    const everywhere = keptOverTime(
      [...truths, ...sets[1].truths].map((frames, i) => ({ frames, ends: commandedEnds([...prompts, ...others][i]) })),
      [...prompts, ...others],
    );
    assert.deepEqual(ofTruth.kept, everywhere);
    assert.ok(ofFrozen.kept[0].share < ofTruth.kept[0].share);
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
