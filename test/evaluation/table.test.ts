import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assertRecorded,
  chanceTolerance,
  type RecordedTable,
  readTable,
  recordRows,
} from "../../lib/evaluation/record.ts";
import type { VideoScore } from "../../lib/evaluation/score.ts";
import { accuracyPerAction, accuracyPerClip, meanPerClip, type Row, rowOf } from "../../lib/evaluation/table.ts";
import { UserError } from "../../lib/util/errors.ts";

/** A video of two clips (28 steps) whose first `right` steps are read as commanded. */
function score(right: number, psnr = 20): VideoScore {
  const commanded = new Int32Array(28).fill(9);
  const estimated = commanded.map((action, i) => (i < right ? action : 0));
  return { commanded, estimated, psnr: [psnr, psnr], ssim: [0.5, 0.7] };
}

const source = (bySeed: Map<number, VideoScore[]>) =>
  ({ model: "base", actions: "basic", evaluator: "evaluation", bySeed }) as const;

describe("rows of the main table", () => {
  it("average accuracy over videos, and spread it over seeds", () => {
    const row = rowOf(source(new Map([[0, [score(28), score(0)]], [1, [score(28), score(28)]]])), 2); // biome-ignore format: one line
    assert.equal(row.accuracy, 75);
    assert.ok(Math.abs(row.accuracySd - Math.sqrt(1250)) < 1e-9); // deviation of 50 and 100
    assert.deepEqual([row.frames, row.trajectories, row.seeds], [29, 2, [0, 1]]);
    assert.equal(row.ssim, 0.6);
  });

  it("count only the clips of their horizon", () => {
    assert.equal(rowOf(source(new Map([[0, [score(12)]]])), 1).accuracy, 100);
    assert.ok(rowOf(source(new Map([[0, [score(12)]]])), 2).accuracy < 43);
  });

  it("hold no PSNR for the true pictures themselves", () => {
    assert.equal(rowOf(source(new Map([[0, [score(28, Infinity)]]])), 2).psnr, null);
  });

  it("average the visual score over the horizon, spread it over seeds, and leave it empty where there is none", () => {
    const seen = (visual: number[]): VideoScore => ({ ...score(28), visual });
    const bySeed = new Map([[0, [seen([1, 5]), seen([3, 5])]], [1, [seen([2, 0]), seen([4, 0])]]]); // biome-ignore format: one line
    const row = rowOf(source(bySeed), 1);
    assert.equal(row.visual, 2.5);
    assert.ok(Math.abs((row.visualSd as number) - Math.SQRT1_2) < 1e-12); // deviation of 2 and 3
    assert.equal(rowOf(source(bySeed), 2).visual, 2.5); // of 3.5 and 1.5
    const without = rowOf(source(new Map([[0, [score(28)]]])), 2);
    assert.deepEqual([without.visual, without.visualSd], [null, null]);
    assert.deepEqual(meanPerClip([seen([1, 5]), seen([3, 5])], "visual"), [2, 5]);
  });

  it("split accuracy by clip and by action", () => {
    assert.deepEqual(accuracyPerClip([score(12)]), [100, 0]);
    assert.deepEqual(accuracyPerAction([score(14)]), [{ action: 9, accuracy: 50, steps: 28 }]);
  });
});

describe("recorded tables", () => {
  const row = (accuracy: number): Row => ({ ...rowOf(source(new Map([[0, [score(28)]]])), 2), accuracy });
  const table = (rows: Row[]): RecordedTable => ({
    profile: "paper",
    commit: null,
    created: "",
    checkpoints: {},
    rows,
  });

  it("accept what chance explains and refuse what it does not, naming the cell", () => {
    assert.equal(assertRecorded([row(50.5)], table([row(50)])).length, 1);
    assert.throws(() => assertRecorded([row(60)], table([row(50)])), /base basic 29: 60.0 % against 50.0/);
  });

  it("are not met by what is no number, measured or recorded, nor by nothing at all", () => {
    for (const wrong of [Number.NaN, undefined, null, Infinity, "97"]) {
      const other = wrong as number;
      assert.throws(() => assertRecorded([row(other)], table([row(50)])), UserError, `measured ${wrong}`);
      assert.throws(() => assertRecorded([row(50)], table([row(other)])), UserError, `recorded ${wrong}`);
      assert.throws(() => assertRecorded([row(50)], table([{ ...row(50), videoSd: other }])), UserError, `sd ${wrong}`);
      assert.throws(() => assertRecorded([row(50)], table([{ ...row(50), trajectories: other }])), UserError);
    }
    const { videoSd: _, ...without } = row(97);
    assert.throws(() => assertRecorded([row(3)], table([without as Row])), /base basic 29: 3.0 % against 97.0/);
    assert.throws(() => assertRecorded([], table([row(50)])), /nothing was compared/);
  });

  it("allow for what few videos may differ by, and for no more because those few happen to be odd", () => {
    const recorded = { videoSd: 10, trajectories: 16 };
    const odd = { videoSd: 40, trajectories: 6 };
    assert.equal(chanceTolerance(odd, recorded), chanceTolerance({ trajectories: 6 }, recorded));
    assert.ok(chanceTolerance(odd, recorded) > chanceTolerance({ trajectories: 16 }, recorded));
    assert.ok(chanceTolerance(recorded, { ...recorded, videoSd: 1 }) < 2.1, "where nothing is odd it stays small");
  });

  it("refuse a cell that was never recorded", () => {
    assert.throws(() => assertRecorded([{ ...row(50), model: "other" }], table([row(50)])), UserError);
  });

  it("keep rows of models that a run did not measure", () => {
    const path = join(mkdtempSync(join(tmpdir(), "table-")), "table.json");
    const facts = { profile: "ci", checkpoints: {} };
    recordRows([{ ...row(1), model: "a" }], facts, path);
    recordRows([{ ...row(2), model: "b" }], facts, path);
    recordRows([{ ...row(3), model: "a" }], facts, path);
    assert.deepEqual(readTable(path).rows.map(({ model, accuracy }) => [model, accuracy]), [["a", 3], ["b", 2]]); // biome-ignore format: one line
  });

  it("say where a missing table should be", () => {
    assert.throws(() => readTable("runs/no-such-table.json"), /no recorded table at runs\/no-such-table.json/);
  });
});
