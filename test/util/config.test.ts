import assert from "node:assert/strict";
import { z } from "zod";
import { fieldsOf, nearest, nested, parseConfig, unlike } from "../../lib/util/config.ts";
import { UserError } from "../../lib/util/errors.ts";
import { count, decay, positive, share, text } from "../../lib/util/schema.ts";

const schema = z.strictObject({
  seed: count().default(1),
  rollout: z
    .strictObject({ branches: count().max(64).default(12).describe("G"), share: share().default(0.5) })
    .prefault({}),
  optimiser: z.strictObject({ lr: positive().default(1e-4), ema: decay().default(0.9) }).prefault({}),
  name: text().optional(),
  weights: z.array(positive()).min(2).default([1, 2]),
  width: count(256).multipleOf(32).default(64),
});

describe("a config", () => {
  it("has a default for everything, part by part", () => {
    const config = parseConfig(schema, { rollout: { branches: 3 } });
    assert.deepEqual(config.rollout, { branches: 3, share: 0.5 });
    assert.deepEqual(config.optimiser, { lr: 1e-4, ema: 0.9 });
    assert.equal(config.name, undefined);
  });

  it("says of every entry what it may be", () => {
    const ranges = Object.fromEntries(fieldsOf(schema).map(({ name, range }) => [name, range]));
    assert.deepEqual(ranges, {
      seed: "a whole number, 1 or more",
      "rollout.branches": "a whole number from 1 to 64",
      "rollout.share": "a number from 0 to 1",
      "optimiser.lr": "a number, above 0",
      "optimiser.ema": "a number, 0 or more and below 1",
      name: "a text that is not empty",
      weights: "a list of 2 or more, separated by commas, each a number, above 0",
      width: "a whole number from 1 to 256, a multiple of 32",
    });
  });

  const wrong: [unknown, RegExp, RegExp][] = [
    [{ rollout: { brances: 3 } }, /^there is no rollout\.brances$/, /did you mean rollout\.branches\?/],
    [{ branches: 3 }, /^there is no branches$/, /did you mean rollout\.branches\?/],
    [{ optimiser: { LR: 3 } }, /^there is no optimiser\.LR$/, /did you mean optimiser\.lr\?/],
    [{ rollout: { branches: "3" } }, /^rollout\.branches is "3"$/, /a whole number from 1 to 64/],
    [{ rollout: { branches: 65 } }, /^rollout\.branches is 65$/, /a whole number from 1 to 64/],
    [{ optimiser: { ema: 1 } }, /^optimiser\.ema is 1$/, /below 1/],
    [{ optimiser: { lr: Number.NaN } }, /^optimiser\.lr is NaN$/, /above 0/],
    [{ optimiser: { lr: null } }, /^optimiser\.lr is null$/, /above 0/],
    [{ optimiser: 3 }, /^optimiser is 3$/, /its parts by name/],
    [{ weights: [1, "x"] }, /^weights is \[1,"x"\]$/, /separated by commas/],
    [{ weights: [1] }, /^weights is \[1\]$/, /2 or more/],
    [{ width: 33 }, /^width is 33$/, /from 1 to 256, a multiple of 32/],
    [{ width: 288 }, /^width is 288$/, /from 1 to 256/],
  ];
  for (const [value, problem, mend] of wrong) {
    it(`is refused: ${JSON.stringify(value)}`, () => {
      assert.throws(
        () => parseConfig(schema, value),
        (error) => error instanceof UserError && problem.test(error.problem) && mend.test(error.mend),
      );
    });
  }

  it("the name that was meant is near, or nothing is said", () => {
    assert.equal(nearest("stepts", ["steps", "lr"]), "steps");
    assert.equal(nearest("temperature", ["steps", "lr"]), undefined);
    assert.equal(nearest("x", []), undefined);
  });

  it("comes from dotted names", () => {
    assert.deepEqual(nested({ a: 1, "b.c": 2, "b.d.e": [3] }), { a: 1, b: { c: 2, d: { e: [3] } } });
  });
});

describe("an earlier config", () => {
  const now = { seed: 1, rollout: { branches: 12, guidance: [1, 2], fresh: 0.5 } };

  it("is the same where it lacks what is at its default now", () => {
    const earlier = { seed: 1, rollout: { branches: 12, guidance: [1, 2] } };
    assert.deepEqual(unlike(earlier, now, { rollout: { fresh: 0.5 } }), []);
    assert.deepEqual(unlike({ seed: 1 }, now, { rollout: now.rollout }), []);
  });

  it("differs where a new entry is not at its default, and in every other entry", () => {
    const earlier = { seed: 2, rollout: { branches: 12, guidance: [1, 3], gone: true } };
    assert.deepEqual(unlike(earlier, now, { rollout: { fresh: 0 } }), [
      "seed is 2 instead of 1",
      "rollout.guidance is [1,3] instead of [1,2]",
      "rollout.gone is true instead of undefined",
      "rollout.fresh is 0 instead of 0.5",
    ]);
  });
});
