import assert from "node:assert/strict";
import { profileOf } from "../../lib/evaluation/profile.ts";
import { evaluationPrompts } from "../../lib/evaluation/prompts.ts";
import { isBasic, isCombined } from "../../lib/world/index.ts";

describe("evaluation prompts", () => {
  const basic = evaluationPrompts("basic", 3, 2);
  const combined = evaluationPrompts("combined", 3, 2);

  it("are the same every time", () => {
    assert.deepEqual(evaluationPrompts("basic", 3, 2), basic);
  });

  it("are the beginnings of longer ones, so that a short profile measures a part of what a long one does", () => {
    const longer = evaluationPrompts("basic", 2, 5);
    longer.forEach(({ sceneSeed, actions, poses }, i) => {
      assert.equal(sceneSeed, basic[i].sceneSeed);
      assert.deepEqual(actions.slice(0, basic[i].actions.length), basic[i].actions);
      assert.deepEqual(poses.slice(0, basic[i].poses.length), basic[i].poses);
    });
  });

  it("hold actions of their kind only, after the initial picture", () => {
    assert.ok(basic.every(({ actions }) => actions.subarray(1).every(isBasic)));
    assert.ok(combined.every(({ actions }) => actions.subarray(1).every(isCombined)));
  });

  it("are of different scenes", () => {
    const seeds = [...basic, ...combined].map((prompt) => prompt.sceneSeed);
    assert.equal(new Set(seeds).size, seeds.length);
  });
});

describe("profiles", () => {
  it("are known by name", () => {
    assert.deepEqual(profileOf("paper").horizons, [8, 16, 24]);
    assert.throws(() => profileOf("papre"), /no profile "papre"[\s\S]*smoke, ci, paper/);
  });
});
