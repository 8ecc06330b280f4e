import assert from "node:assert/strict";
import { lookUp, namesOf } from "../../lib/training/registry.ts";

describe("the registry of names", () => {
  it("has a maker for every name", () => {
    for (const kind of ["reward", "objective", "curriculum", "exploration"] as const) {
      assert.ok(namesOf(kind).length > 0);
      for (const name of namesOf(kind)) assert.equal(typeof lookUp(kind, name), "function");
    }
  });

  it("tells what was meant by a name that there is not, names of JavaScript's own included", () => {
    assert.throws(
      () => lookUp("reward", "interacton"),
      /there is no reward "interacton"\n {2}-> did you mean interaction\?/,
    );
    assert.throws(() => lookUp("objective", "NFT"), /did you mean nft\?/);
    assert.throws(() => lookUp("curriculum", ""), /there is no curriculum ""\n {2}-> choose one of min2max/);
    for (const name of ["toString", "constructor", "__proto__"])
      assert.throws(() => lookUp("exploration", name), /there is no exploration/);
  });

  it("has no parts of a kind that there is not", () => {
    for (const kind of ["rewards", "constructor"])
      assert.throws(() => lookUp(kind as "reward", "visual"), /there are no parts of kind/);
  });

  it("makes the curricula of the paper", () => {
    const clips = (name: string, count: number): number[] => {
      const curriculum = lookUp("curriculum", name)();
      return Array.from({ length: count }, (_, i) => curriculum(i, 4, 1));
    };
    assert.deepEqual(clips("min2max", 6), [0, 1, 2, 3, 0, 1]);
    assert.deepEqual(clips("max2min", 6), [3, 2, 1, 0, 3, 2]);
    assert.ok(clips("progressive", 3).every((n) => n === 0));
    assert.equal(Math.max(...clips("progressive", 60)), 3);
    assert.deepEqual([...new Set(clips("random", 60))].sort(), [0, 1, 2, 3]);
  });
});
