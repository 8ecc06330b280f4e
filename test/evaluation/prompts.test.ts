import assert from "node:assert/strict";
import { clipActions } from "../../lib/evaluation/generate.ts";
import { profileOf } from "../../lib/evaluation/profile.ts";
import { evaluationPrompts, framesOfClips, trueVideo } from "../../lib/evaluation/prompts.ts";
import { FRAME_BYTES, isBasic, isCombined } from "../../lib/world/index.ts";

describe("evaluation prompts", () => {
  const basic = evaluationPrompts("basic", 3, 2);
  const combined = evaluationPrompts("combined", 3, 2);

  it("are the same every time", () => {
    assert.deepEqual(evaluationPrompts("basic", 3, 2), basic);
  });

  it("hold actions of their kind only, after the initial picture", () => {
    assert.ok(basic.every(({ actions }) => actions.subarray(1).every(isBasic)));
    assert.ok(combined.every(({ actions }) => actions.subarray(1).every(isCombined)));
  });

  it("are of different scenes", () => {
    const seeds = [...basic, ...combined].map((prompt) => prompt.sceneSeed);
    assert.equal(new Set(seeds).size, seeds.length);
  });

  it("have the paper's numbers of frames, and true pictures for them", () => {
    assert.deepEqual([8, 16, 24].map(framesOfClips), [125, 253, 381]);
    assert.equal(trueVideo(basic[0]).length, framesOfClips(2) * FRAME_BYTES);
  });

  it("give four actions to a clip", () => {
    assert.deepEqual(clipActions(basic[0].actions, 1), basic[0].actions.subarray(4, 8));
  });
});

describe("profiles", () => {
  it("are known by name", () => {
    assert.deepEqual(profileOf("paper").horizons, [8, 16, 24]);
    assert.throws(() => profileOf("papre"), /no profile "papre"[\s\S]*smoke, ci, paper/);
  });
});
