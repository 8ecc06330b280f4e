import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArmRow, recordArm } from "../../lib/experiments/record.ts";
import { curveSeries, rowsOfGroup, summariseArms } from "../../lib/experiments/summary.ts";

const row = (arm: string, seed: number, combined: number): ArmRow => ({
  ...{ group: "objective", arm, seed, combined, frames: 125, basic: 50, translation: 60, rotation: 70 },
  ...{ psnr: 14, ssim: 0.4, visual: null, iterations: 16, minutes: 3, clipGenerations: 100, longer: [], changed: {} },
  curve: { iteration: [0, 16], clipGenerations: [0, 100], seconds: [0, 9], probes: { exact: [0.5, combined / 100] } },
});

describe("recorded arms", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "worldcompass-summary-"));
    const recorded = [row("kl", 1, 30), row("true-old-policy", 1, 52), row("kl", 0, 40), row("base", 0, 20), row("true-old-policy", 0, 48)]; // biome-ignore format: in the order of recording
    for (const own of recorded) recordArm(own, {}, dir);
  });
  after(() => rmSync(dir, { recursive: true }));

  it("come in the order of the arms and of their seeds, the base model first, however they were recorded", () => {
    assert.deepEqual(
      rowsOfGroup("objective", dir).map(({ arm, seed }) => `${arm} ${seed}`),
      ["base 0", "true-old-policy 0", "true-old-policy 1", "kl 0", "kl 1"],
    );
  });

  it("are summarised over seeds: mean, standard deviation of two or more, null where one lacks the quantity", () => {
    const [base, old] = summariseArms(rowsOfGroup("objective", dir));
    assert.deepEqual([base.combined, base.combinedSd], [20, null]);
    assert.equal(old.combined, 50);
    assert.ok(Math.abs((old.combinedSd as number) - Math.sqrt(8)) < 1e-12);
    assert.equal(old.visual, null);
  });

  it("show the curve of their first seed", () => {
    const series = curveSeries(rowsOfGroup("objective", dir), "exact");
    assert.deepEqual(
      series.map(({ name, y }) => [name, y[1]]),
      [
        ["base", 0.2],
        ["true-old-policy", 0.48],
        ["kl", 0.4],
      ],
    );
  });
});
