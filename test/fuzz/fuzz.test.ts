import assert from "node:assert/strict";
import { fuzz } from "./fuzz.ts";
import { TARGETS } from "./targets.ts";

/** `npm run fuzz` does a hundred times as many. */
const RUNS = 1000;

describe("damaged input", function () {
  this.timeout(120_000);
  for (const target of TARGETS) {
    it(`is refused in the reader's own words, or read: ${target.parser}`, async () => {
      const { refused, accepted } = await fuzz(target, RUNS, 1);
      assert.equal(refused + accepted, RUNS);
      assert.ok(refused > 0, "no damage was noticed");
    });
  }
});
