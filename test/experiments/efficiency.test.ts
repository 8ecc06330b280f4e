import assert from "node:assert/strict";
import fc from "fast-check";
import { type ArmRow, costAt, efficiencyOf, equalAccuracy } from "../../lib/experiments/index.ts";
import type { Curve } from "../../lib/training/posttraining/curve.ts";

const curveOf = (accuracies: number[], perIteration: number): Curve => ({
  iteration: accuracies.map((_, i) => i),
  clipGenerations: accuracies.map((_, i) => i * perIteration),
  seconds: accuracies.map((_, i) => (i * perIteration) / 10),
  probes: { "interaction-exact": accuracies },
});

const rowOf = (arm: string, seed: number, curve: Curve): ArmRow => ({
  ...{
    group: "efficiency",
    arm,
    seed,
    iterations: 4,
    minutes: 2,
    clipGenerations: 400,
    longer: [],
    changed: {},
    curve,
  },
  ...{ frames: 125, basic: 0, combined: 0, translation: 0, rotation: 0, psnr: 0, ssim: 0, visual: null },
});

describe("cost to equal accuracy", () => {
  it("is read between two probes", () => {
    assert.equal(costAt(0.375, [0.25, 0.5, 0.6], [0, 10, 20]), 5);
    assert.equal(costAt(0.2, [0.2, 0.4], [0, 10]), 0);
    assert.equal(costAt(0.6, [0.2, 0.4], [0, 10]), null);
  });

  it("is that of the first time, where a curve falls again", () => {
    assert.equal(costAt(0.4, [0.2, 0.4, 0.1, 0.5], [0, 10, 20, 30]), 10);
  });

  it("lies between the costs of the curve's ends for every level that it reaches", () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (curve, share) => {
        const level = curve[0] + share * (Math.max(...curve) - curve[0]);
        const cost = costAt(
          level,
          curve,
          curve.map((_, i) => i),
        ) as number;
        assert.ok(cost >= 0 && cost <= curve.length - 1, `${cost}`);
      }),
    );
  });

  it("compares at the highest accuracy that both reach", () => {
    const equal = equalAccuracy(curveOf([0.2, 0.4, 0.6], 100), curveOf([0.2, 0.3, 0.5], 700));
    assert.deepEqual(equal, {
      accuracy: 0.5,
      clipGenerations: { clip: 150, sequence: 1400 },
      seconds: { clip: 15, sequence: 140 },
    });
  });

  it("says nothing where one of the two never rose", () => {
    assert.equal(equalAccuracy(curveOf([0.2, 0.4], 1), curveOf([0.2, 0.1], 1)), null);
  });
});

describe("efficiency", () => {
  const rows = [0, 1].flatMap((seed) => [
    rowOf("clip", seed, curveOf([0.2, 0.4], 100)),
    rowOf("sequence", seed, curveOf([0.2, 0.4], seed === 0 ? 400 : 600)),
  ]);

  it("is the mean ratio over seeds, with what it is made of", () => {
    const { clipGenerationsRatio, wallTimeRatioToEqualAccuracy, equalAccuracy: parts } = efficiencyOf(rows);
    assert.deepEqual([clipGenerationsRatio, wallTimeRatioToEqualAccuracy], [5, 5]);
    assert.deepEqual(
      parts.map(({ seed }) => seed),
      [0, 1],
    );
    assert.equal(efficiencyOf(rows).parts.length, 4);
    assert.equal(efficiencyOf(rows).parts[0].secondsPerIteration, 30);
  });

  it("has no ratio before both kinds of rollouts are recorded", () => {
    assert.equal(efficiencyOf(rows.slice(0, 1)).clipGenerationsRatio, null);
    assert.deepEqual(efficiencyOf([]).parts, []);
  });
});
