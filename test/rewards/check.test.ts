import assert from "node:assert/strict";
import { checkScores, checkWeights, scoresOf } from "../../lib/rewards/check.ts";
import type { Reward, RewardInput } from "../../lib/rewards/reward.ts";
import { UserError } from "../../lib/util/errors.ts";

const CLIPS = [{}, {}, {}] as RewardInput[];
const check = (scores: unknown): number[] => checkScores("judge", scores, CLIPS.length, (i) => `branch ${i}`);
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
      [Int32Array.of(1, 2, 3), /a Int32Array instead of a list/],
      [new Set([1, 2, 3]), /an object instead of a list/],
      [[1, -1e300, 3], /is -1e\+300 for branch 1/],
      [new Array(3), /is undefined for branch 0/],
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

describe("the scores of a reward", () => {
  it("are counted against the clips that it was given, whatever it does with its list", async () => {
    const emptying: Reward = {
      name: "judge",
      score: (clips) =>
        (clips as RewardInput[])
          .splice(0)
          .slice(1)
          .map(() => 1),
    };
    await assert.rejects(scoresOf(emptying, CLIPS, String), /returned 2 scores for 3 clips/);
    const silent: Reward = { name: "judge", score: (clips) => (clips as RewardInput[]).splice(0).slice(3) as never };
    await assert.rejects(scoresOf(silent, CLIPS, String), /returned 0 scores for 3 clips/);
    assert.equal(CLIPS.length, 3);
  });

  it("may depend on what else the reward holds", async () => {
    class Judge implements Reward {
      readonly name = "judge";
      private readonly level = 2;
      score(clips: readonly RewardInput[]): number[] {
        return clips.map(() => this.level);
      }
    }
    assert.deepEqual(await scoresOf(new Judge(), CLIPS, String), [2, 2, 2]);
  });
});

describe("rewards side by side", () => {
  it("must be rewards", () => {
    for (const reward of [null, undefined, {}, { name: "a" }, () => [1]])
      assert.throws(() => checkWeights([{ reward: reward as unknown as Reward, weight: 1 }]), /reward 0 has no score/);
  });

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
