import assert from "node:assert/strict";
import fc from "fast-check";
import {
  advantages,
  combine,
  globalSpread,
  optimalityOf,
  resolutions,
  selectPairs,
} from "../../lib/objective/advantage.ts";
import { UserError } from "../../lib/util/errors.ts";
import { mean } from "../../lib/util/statistics.ts";

const reward = fc.double({ min: -10, max: 10, noNaN: true });
const groups = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 8 }))
  .chain(([p, g]) => fc.array(fc.array(reward, { minLength: g, maxLength: g }), { minLength: p, maxLength: p }));

const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(b)), `${a} ${b}`);

describe("advantages", () => {
  it("have mean 0 in every group", () => {
    fc.assert(
      fc.property(groups, (rewards) => {
        for (const group of advantages(rewards)) assert.ok(Math.abs(mean(group)) < 1e-5);
      }),
    );
  });

  it("have mean 0 of the smallest numbers that there are, too", () => {
    assert.deepEqual(advantages([[0, 5e-324]]), [[-1, 1]]);
  });

  it("do not change when rewards are scaled and each group is shifted, only by the spread of the shifts", () => {
    const rewards = [
      [1, 2, 3],
      [3, 5, 1],
    ];
    const scaled = rewards.map((group) => group.map((r) => 7 * r + 4));
    advantages(scaled).forEach((group, g) => {
      group.forEach((a, i) => {
        near(a, advantages(rewards)[g][i]);
      });
    });
  });

  it("divide by the standard deviation of all rewards, not of the group", () => {
    const rewards = [
      [0, 2],
      [10, 12],
    ];
    near(globalSpread(rewards), Math.sqrt(26));
    near(advantages(rewards)[0][1], 1 / Math.sqrt(26));
  });

  it("are 0 where all rewards are equal", () => {
    assert.deepEqual(advantages([[0.3, 0.3]]), [[0, 0]]);
  });

  it("do not depend on the rewards' size, however small or large", () => {
    const rewards = [
      [1, 2, 3],
      [3, 5, 1],
    ];
    for (const scale of [1e-300, 1e-12, 1e-9, 1e9, 1e300, -1]) {
      const scaled = rewards.map((group) => group.map((r) => r * scale));
      advantages(scaled).forEach((group, g) => {
        group.forEach((a, i) => {
          near(a, Math.sign(scale) * advantages(rewards)[g][i]);
        });
      });
    }
  });

  it("are exactly 0 in a group that differs by the rounding of 32-bit floats alone, whatever the others do", () => {
    const live = [0.25, 0.75, 0.5];
    for (const size of [1e-6, 1, 1234.5, 1e6]) {
      const rounding = [0.7 * size, 0.7 * size * (1 + 1e-7), 0.7 * size * (1 - 2e-7)];
      const [dead, others] = advantages([rounding, live.map((r) => r * size)]);
      assert.deepEqual(dead, [0, 0, 0]);
      assert.ok(others.every((a) => Math.abs(a) < 3) && others[1] > 0.5);
      assert.deepEqual(advantages([rounding, rounding]).flat(), [0, 0, 0, 0, 0, 0]);
    }
  });

  it("of rewards that are not finite are refused, and say where", () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      assert.throws(
        () =>
          advantages([
            [1, 2],
            [3, wrong],
          ]),
        /UserError: the reward of group 1, branch 1 is/,
      );
    }
    assert.throws(() => selectPairs([0, Number.NaN, 1, 2], 1), UserError);
    assert.throws(() => optimalityOf(Number.NaN), UserError);
    assert.throws(() => combine([[[1]]], [Number.POSITIVE_INFINITY]), UserError);
    assert.throws(() => combine([[[1]]], [Number.NaN]), UserError);
  });

  it("of several rewards are their weighted mean", () => {
    assert.deepEqual(combine([[[1, -1]], [[0, 4]]], [3, 1]), [[0.75, 0.25]]);
    assert.throws(() => combine([[[1]]], [0]), UserError);
    assert.throws(() => combine([[[1]]], [1, 1]), UserError);
    assert.throws(() => combine([[[1]], [[1]]], [2, -1]), UserError);
  });

  it("become probabilities: 0 at -2 and below, 1/2 at 0, 1 at 2 and above", () => {
    assert.deepEqual([-9, -2, -1, 0, 1, 2, 9].map(optimalityOf), [0, 0, 0.25, 0.5, 0.75, 1, 1]);
  });
});

describe("selection", () => {
  it("keeps the best and the worst, outermost first", () => {
    assert.deepEqual(selectPairs([0.1, 0.9, -0.4, 0.5, -0.8], 2), [
      { best: 1, worst: 4 },
      { best: 3, worst: 2 },
    ]);
  });

  it("never keeps a branch twice, and nothing left out lies outside of what is kept", () => {
    const cases = fc
      .array(reward, { minLength: 2, maxLength: 12 })
      .chain((group) => fc.tuple(fc.constant(group), fc.integer({ min: 1, max: Math.floor(group.length / 2) })));
    fc.assert(
      fc.property(cases, ([group, keep]) => {
        const pairs = selectPairs(group, keep);
        const [best, worst] = [pairs.map((p) => p.best), pairs.map((p) => p.worst)];
        assert.equal(new Set([...best, ...worst]).size, 2 * pairs.length);
        if (new Set(group).size === group.length) assert.equal(pairs.length, keep);
        const rest = group.filter((_, i) => !best.includes(i) && !worst.includes(i));
        if (pairs.length === keep)
          for (const r of rest) {
            assert.ok(best.every((i) => group[i] >= r));
            assert.ok(worst.every((i) => group[i] <= r));
          }
      }),
    );
  });

  it("leaves out pairs that do not differ, or by no more than the resolution", () => {
    assert.deepEqual(selectPairs([1, 1, 1, 1], 2), []);
    assert.deepEqual(selectPairs([1, 0, 0, -1], 2), [{ best: 0, worst: 3 }]);
    assert.deepEqual(selectPairs([1, 1e-7, 0, -1], 2, 1e-6), [{ best: 0, worst: 3 }]);
    const group = [1000, 1000 + 1e-5, 1001, 999];
    const [own] = advantages([group]);
    const [resolution] = resolutions([group]);
    assert.equal(selectPairs(own, 2, resolution).length, 1);
    assert.equal(selectPairs(own, 2).length, 2);
  });

  it("of more than half of a group is refused", () => {
    assert.throws(() => selectPairs([1, 2, 3], 2), UserError);
    assert.throws(() => selectPairs([1, 2, 3], 0), UserError);
  });
});
