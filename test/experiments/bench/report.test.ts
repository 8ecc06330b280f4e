import assert from "node:assert/strict";
import fc from "fast-check";
import { median, ratioTable, samplingRow, trainingRow } from "../../../lib/experiments/bench/report.ts";

describe("the benchmark's report", () => {
  it("the median has at most half of the values above it and half below, in any order", () => {
    const values = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(values, (times) => {
        const middle = median(times);
        assert.ok(2 * times.filter((t) => t > middle).length <= times.length);
        assert.ok(2 * times.filter((t) => t < middle).length <= times.length);
        assert.equal(middle, median([...times].reverse()));
      }),
    );
  });

  // 0.5 s against 0.25 s for 50 GFLOP at a ceiling of 400 GFLOP/s: half PyTorch's speed, a quarter of the ceiling.
  it("a training step: milliseconds, speed against PyTorch, shares of the ceiling", () => {
    const row = trainingRow({ ours: [0.5, 0.4, 9], torch: [0.25, 0.2, 0.3] }, 50e9, 400);
    assert.deepEqual(row, {
      task: "training step",
      unit: "ms",
      ours: 500,
      torch: 250,
      speed: 0.5,
      oursOfCeiling: 0.25,
      torchOfCeiling: 0.5,
    });
  });

  it("sampling: frames a second, higher is better, and the same ratio of speeds", () => {
    const row = samplingRow({ ours: [2], torch: [4] }, 80e9, 400, 1000);
    assert.equal(row.ours, 500);
    assert.equal(row.torch, 250);
    assert.equal(row.speed, 2);
    assert.equal(row.oursOfCeiling, 0.1);
  });

  it("a table with the same cells in every line", () => {
    const lines = ratioTable([trainingRow({ ours: [0.5], torch: [0.25] }, 50e9, 400)]);
    assert.equal(lines.length, 3);
    assert.equal(new Set(lines.map((line) => line.split("|").length)).size, 1);
    assert.match(lines[2], /training step, ms \| 500 \| 250 \| 0\.50 x \| 25 % \| 50 %/);
  });
});
