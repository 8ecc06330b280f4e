import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Row, readReport, recordRows } from "../../../lib/evaluation/report.ts";
import { Ledger } from "../../../lib/experiments/pipeline/ledger.ts";
import { withLock } from "../../../lib/util/lock.ts";

const row = (model: string, value: number): Row => ({
  world: "w",
  model,
  trainingSeed: 0,
  samplingSeed: 0,
  actions: "basic",
  frames: 125,
  metric: "psnr",
  unit: "dB",
  values: [value],
});

describe("a ledger of measurements", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "ledger-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const open = () => new Ledger(join(dir, "report.json"), join(dir, "ledger.json"));

  it("measures once in all sessions; new weights again; and what the report has lost again", async () => {
    let count = 0;
    const measure = async () => [row("a", ++count)];
    await open().once("a v1", { model: "a" }, measure);
    await open().once("a v1", { model: "a" }, measure);
    assert.equal(count, 1);
    await open().once("a v2", { model: "a" }, measure);
    assert.equal(count, 2);
    rmSync(join(dir, "report.json"));
    await open().once("a v2", { model: "a" }, measure);
    assert.deepEqual(readReport(join(dir, "report.json")).rows, [row("a", 3)]);
  });

  it("records while nobody else does: two worlds go into one report", async () => {
    const [path, order] = [join(dir, "report.json"), [] as string[]];
    const other = withLock(path, async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      recordRows(path, [row("other", 1)]);
      order.push("other");
    });
    await open().once("a", { model: "a" }, async () => [row("a", 2)]);
    order.push("own");
    await other;
    assert.deepEqual(order, ["other", "own"]);
    assert.equal(readReport(path).rows.length, 2);
  });

  it("a measurement that fails is not done", async () => {
    await assert.rejects(
      open().once("a", { model: "a" }, () => Promise.reject(new Error("gone"))),
      /gone/,
    );
    let measured = false;
    await open().once("a", { model: "a" }, async () => {
      measured = true;
      return [row("a", 1)];
    });
    assert.ok(measured);
  });

  it("refuses a damaged ledger in one line", () => {
    for (const text of ["{", '{"a":1}', "[1]"]) {
      writeFileSync(join(dir, "ledger.json"), text);
      assert.throws(open, /ledger\.json/);
    }
  });
});
