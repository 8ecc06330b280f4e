import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../lib/util/errors.ts";
import { SCENES_PER_SPLIT, SPLITS, sceneSeed } from "../../lib/world/splits.ts";

describe("splits", () => {
  it("no scene serves two splits", () => {
    const ranges = SPLITS.map((split) => [sceneSeed(split, 0), sceneSeed(split, SCENES_PER_SPLIT - 1)]);
    for (let i = 1; i < ranges.length; i++) assert.ok(ranges[i][0] > ranges[i - 1][1]);
    fc.assert(
      fc.property(fc.constantFrom(...SPLITS), fc.nat(SCENES_PER_SPLIT - 1), (split, index) => {
        const seed = sceneSeed(split, index);
        const owners = SPLITS.filter((_, i) => seed >= ranges[i][0] && seed <= ranges[i][1]);
        assert.deepEqual(owners, [split]);
      }),
    );
  });

  it("an index outside the split is refused", () => {
    for (const index of [-1, 0.5, SCENES_PER_SPLIT]) assert.throws(() => sceneSeed("rl", index), UserError);
  });
});
