import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Row, readReport, recordRows, rowsAbout, summarise } from "../../lib/evaluation/report.ts";
import { UserError } from "../../lib/util/errors.ts";

const ROW: Row = {
  world: "courtyard",
  model: "base",
  trainingSeed: 0,
  samplingSeed: 0,
  actions: "basic",
  frames: 125,
  metric: "psnr",
  unit: "dB",
  values: [20, 22],
};

describe("reports", () => {
  let path: string;
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), "report-")), "main.json");
  });
  afterEach(() => rmSync(join(path, ".."), { recursive: true }));

  it("hold what was recorded, newer rows in place of older ones about the same", () => {
    recordRows(path, [ROW, { ...ROW, frames: 253 }]);
    recordRows(path, [{ ...ROW, values: [1, 2] }]);
    const { rows } = readReport(path);
    assert.deepEqual(rowsAbout(rows, { frames: 125 }), [{ ...ROW, values: [1, 2] }]);
    assert.equal(rows.length, 2);
  });

  it("refuse rows with a value that is not finite, or without values, and keep the file as it was", () => {
    recordRows(path, [ROW]);
    const before = readFileSync(path, "utf8");
    for (const values of [[Number.NaN], [Number.POSITIVE_INFINITY], []]) {
      assert.throws(() => recordRows(path, [{ ...ROW, values }]), UserError);
    }
    assert.equal(readFileSync(path, "utf8"), before);
  });

  it("say what is wrong with a damaged file", () => {
    recordRows(path, [ROW]);
    const report = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...report, rows: [{ ...ROW, values: [null] }] }));
    assert.throws(() => readReport(path), /rows\.0\.values\.0/);
    writeFileSync(path, "{");
    assert.throws(() => readReport(path), /is not JSON/);
  });

  it("with two rows about the same thing are refused, since one of them was not measured", () => {
    const path = join(mkdtempSync(join(tmpdir(), "report-")), "report.json");
    const report = recordRows(path, [ROW]);
    writeFileSync(path, JSON.stringify({ ...report, rows: [ROW, { ...ROW, values: [1, 2] }] }));
    assert.throws(() => readReport(path), /rows\.1: .* stands there twice/);
  });

  it("summarise by prompts: the error is over prompts, the deviation over training seeds", () => {
    const rows = [ROW, { ...ROW, trainingSeed: 1, values: [24, 26] }];
    const { mean, error, seedDeviation } = summarise(rows);
    assert.equal(mean, 23);
    // Prompts' means are 22 and 24: standard deviation sqrt 2, error 1.
    assert.ok(Math.abs(error - 1) < 1e-12);
    assert.ok(Math.abs((seedDeviation as number) - Math.sqrt(8)) < 1e-12);
    assert.equal(summarise([ROW]).seedDeviation, undefined);
    assert.throws(() => summarise([ROW, { ...ROW, values: [1] }]), /different numbers of videos/);
  });
});
