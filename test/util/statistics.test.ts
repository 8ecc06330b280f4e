import assert from "node:assert/strict";
import fc from "fast-check";
import { deviation, rankCorrelation, standardError } from "../../lib/util/statistics.ts";

describe("statistics", () => {
  it("deviation and standard error are the sample's", () => {
    assert.equal(deviation([2, 4, 6]), 2);
    assert.equal(standardError([2, 4, 6]), 2 / Math.sqrt(3));
    assert.equal(deviation([7]), 0);
  });

  /** scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) and with ties on both sides. */
  it("rank correlation equals SciPy's", () => {
    assert.ok(Math.abs(rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) - 0.8207826816681233) < 1e-12);
    assert.ok(Math.abs(rankCorrelation([1, 1, 2, 3], [4, 2, 2, 1]) - -0.8333333333333334) < 1e-12);
  });

  it("rank correlation sees order alone", () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(distinct, (values) => {
        const grown = values.map((v) => Math.exp(v));
        assert.ok(Math.abs(rankCorrelation(values, grown) - 1) < 1e-12);
        const turned = values.map((v) => -v);
        assert.ok(Math.abs(rankCorrelation(values, turned) + 1) < 1e-12);
      }),
    );
  });
});
