import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plotPng } from "../../lib/display/plot/plot.ts";
import {
  curveOf,
  curvesFigure,
  metricsOf,
  runsIn,
  SHIPPED,
  shipCurve,
  shippedCurves,
} from "../../lib/experiments/curves.ts";
import { fromRoot } from "../../lib/util/root.ts";

describe("curves", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "curves-"));
    const run = (name: string, metric: string, values: (number | null)[]): void => {
      mkdirSync(join(dir, name));
      const lines = values.map((value, i) =>
        JSON.stringify({ step: i + 1, "losses/own": 1 / (i + 1), [metric]: value }),
      );
      writeFileSync(join(dir, name, "metrics.jsonl"), lines.map((line) => `${line}\n`).join(""));
    };
    run("a", "watched/psnr", [20, 21, 22]);
    run("b", "charts/b", [1, null, 3]);
  });
  after(() => rmSync(dir, { recursive: true }));

  it("of every run below a folder: a panel a metric, a line a run that has it, each run in one colour", () => {
    const runs = runsIn([dir]);
    assert.deepEqual(runs, [join(dir, "a"), join(dir, "b")]);
    const curves = runs.map(curveOf);
    const metrics = metricsOf(curves);
    assert.deepEqual(metrics, ["losses/own", "charts/b", "watched/psnr"]);
    const { charts } = curvesFigure(curves, metrics);
    const lines = charts.map(({ marks }) => marks.map((mark) => ("name" in mark ? mark.name : "")));
    assert.deepEqual(lines, [["a", "b"], ["b"], ["a"]]);
    const colour = (chart: number, mark: number) => (charts[chart].marks[mark] as { color: string }).color;
    assert.equal(colour(0, 1), colour(1, 0));
    assert.notEqual(colour(0, 0), colour(0, 1));
    assert.ok(plotPng(curvesFigure(curves, metrics)).length > 1000);
    assert.deepEqual(metricsOf(curves, "psnr"), ["watched/psnr"]);
    assert.throws(() => metricsOf(curves, "none"), /no run has a metric like "none"\n.*losses\/own/s);
    assert.throws(() => runsIn([join(dir, "c")]), /c is no run, and holds none/);
  });

  it("that are shipped stand beside new ones, with their first and last record", () => {
    const name = `test-${process.pid}`;
    const records = Array.from({ length: 1001 }, (_, i) => ({ step: i + 1, x: i }));
    const file = fromRoot(shipCurve({ name, records }));
    try {
      assert.equal(file, fromRoot(join(SHIPPED, `${name}.jsonl`)));
      const shipped = shippedCurves().find((curve) => curve.name === `${name} (shipped)`);
      assert.deepEqual([shipped?.records[0].step, shipped?.records.at(-1)?.step], [1, 1001]);
      assert.ok((shipped?.records.length ?? 0) < 500 && existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
    } finally {
      rmSync(file);
    }
  });
});
