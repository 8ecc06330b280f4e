import assert from "node:assert/strict";
import { checkScores, checkWeights } from "../../lib/rewards/check.ts";
import type { Reward, RewardInput } from "../../lib/rewards/reward.ts";
import { UserError } from "../../lib/util/errors.ts";

const CLIPS = [{}, {}, {}] as RewardInput[];
const check = (scores: unknown): number[] => checkScores("judge", scores, CLIPS, (i) => `branch ${i}`);
const named = (name: unknown): Reward => ({ name: name as string, score: () => [] });
const weigh = (...names: unknown[]): void => checkWeights(names.map((name) => ({ reward: named(name), weight: 1 })));

describe("what a reward returns", () => {
  it("is a list of one finite number a clip", () => {
    assert.deepEqual(check([1, -2.5, 0]), [1, -2.5, 0]);
    assert.deepEqual(check(Float32Array.of(1, 2, 3)), [1, 2, 3]);
  });

  it("is refused if it is anything else, with the reward's name, and whose score it is", () => {
    const scores: [unknown, RegExp][] = [
      ...[Number.NaN, Infinity, -Infinity, undefined, null, "1", true, [1], {}, 1n, new Date()].map(
        (wrong): [unknown, RegExp] => [[1, 2, wrong], /reward "judge" is .* for branch 2/],
      ),
      // A hole in the list.
      [Object.assign(new Array(3), { 0: 1, 1: 2 }), /is undefined for branch 2/],
      [Float32Array.of(1, Number.NaN, 3), /is NaN for branch 1/],
      [[1, 2], /returned 2 scores for 3 clips/],
      [[1, 2, 3, 4], /returned 4 scores for 3 clips/],
      [[], /returned 0 scores/],
      [undefined, /returned undefined instead of a list/],
      [7, /instead of a list/],
      ["123", /instead of a list/],
      [{ length: 3, 0: 1, 1: 2, 2: 3 }, /instead of a list/],
      [Promise.resolve([1, 2, 3]), /returned a promise/],
      [Int32Array.of(1, 2, 3), /instead of a list/],
    ];
    for (const [wrong, message] of scores) {
      assert.throws(
        () => check(wrong),
        (error: unknown) => error instanceof UserError && message.test(error.problem),
        String(message),
      );
    }
  });
});

describe("rewards side by side", () => {
  it("have weights of 0 or more", () => {
    checkWeights([
      { reward: named("a"), weight: 1 },
      { reward: named("b"), weight: 0 },
    ]);
    for (const weight of [0, -1, Number.NaN, Infinity]) {
      assert.throws(() => checkWeights([{ reward: named("a"), weight }]), UserError, String(weight));
    }
    assert.throws(() => checkWeights([]), UserError);
  });

  it("have names that clash with nothing in the record of a run", () => {
    weigh("judge", "judge-2", "visual-drift", "interaction-hard", "a.b c");
    for (const names of [
      ["judge", "judge"],
      ["judge", "judge-within-group-std"],
      ["depth"],
      ["deadGroups"],
      ["seconds-update"],
      ["seconds"],
      ["constructor"],
      ["__proto__"],
      [""],
      [" "],
      ["a/b"],
      ["a\nb"],
      [undefined],
      [7],
    ]) {
      assert.throws(() => weigh(...names), UserError, JSON.stringify(names));
    }
  });
});
