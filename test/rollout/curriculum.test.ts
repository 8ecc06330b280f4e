import assert from "node:assert/strict";
import { curriculum, targetClip, UNLOCK_EVERY } from "../../lib/rollout/curriculum.ts";

const HORIZON = 5;
const order = (name: Parameters<typeof targetClip>[0], iterations: number): number[] =>
  Array.from({ length: iterations }, (_, i) => targetClip(name, i, HORIZON, 7));

describe("the curriculum", () => {
  it("goes from the first clip to the last and round again, or the other way", () => {
    assert.deepEqual(order("min2max", 7), [0, 1, 2, 3, 4, 0, 1]);
    assert.deepEqual(order("max2min", 7), [4, 3, 2, 1, 0, 4, 3]);
  });

  it("progressive: unlocks a clip more every few iterations, up to the last", () => {
    const clips = order("progressive", 200);
    clips.forEach((clip, i) => {
      assert.ok(clip <= Math.min(HORIZON - 1, Math.floor(i / UNLOCK_EVERY)));
    });
    assert.equal(new Set(clips).size, HORIZON);
  });

  it("that there is not is refused, and not taken for another", () => {
    for (const name of ["none", "Random", "toString"])
      assert.throws(() => curriculum(name as "random"), /there is no curriculum/);
  });

  it("at random: every clip comes, and the same seed gives the same order", () => {
    assert.equal(new Set(order("random", 100)).size, HORIZON);
    assert.deepEqual(order("random", 20), order("random", 20));
  });
});
