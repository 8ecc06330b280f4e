import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGroup, type SubmittedArm } from "../../../lib/experiments/group/group.ts";
import type { Engine } from "../../../lib/runtime/engine/engine.ts";
import { localEngine } from "../../../lib/runtime/engine/local.ts";
import type { ArmConfig } from "./arm.ts";

const arm = (name: string, config: ArmConfig): SubmittedArm => ({
  name,
  module: "test/experiments/group/arm.ts",
  config: { ...config },
});
type Result = { centre: number; pid: number };

describe("a group of experiments", function () {
  this.timeout(300_000);
  let engine: Engine;
  let dir: string;
  before(() => {
    engine = localEngine(2);
    dir = mkdtempSync(join(tmpdir(), "group-"));
  });
  after(async () => {
    await engine.close();
    rmSync(dir, { recursive: true });
  });

  it("goes on after a dead worker from what was saved, and comes to what it would have come to", async () => {
    const arms = [arm("whole", { lr: 0.01 }), arm("dies", { lr: 0.01, dies: join(dir, "died") })];
    const [whole, died] = (await runGroup(engine, { dir: join(dir, "one"), arms })) as Result[];
    assert.equal(died.centre, whole.centre);
    assert.notEqual(whole.centre, 0);
    const metrics = (name: string) => readFileSync(join(dir, "one", name, "metrics.jsonl"), "utf8");
    assert.equal(metrics("dies"), metrics("whole"));
  });

  it("asked for again, keeps what is finished and runs what is not", async () => {
    const group = { dir: join(dir, "two"), arms: [arm("a", { lr: 0.01 }), arm("bad", { lr: 0.01, fails: true })] };
    await assert.rejects(runGroup(engine, group), /this arm fails/);
    const again = { ...group, arms: [group.arms[0], arm("b", { lr: 0.02 })] };
    const [a, b] = (await runGroup(engine, again)) as Result[];
    assert.deepEqual(await runGroup(engine, again), [a, b]);
    assert.notEqual(a.centre, b.centre);
  });

  it("refuses another arm in a folder, and names that make none", async () => {
    const group = (name: string, lr: number) => ({ dir: join(dir, "two"), arms: [arm(name, { lr })] });
    await assert.rejects(runGroup(engine, group("a", 0.5)), /describes another arm/);
    for (const name of ["", "..", "a/b"]) await assert.rejects(runGroup(engine, group(name, 1)), /an arm named/);
    const twice = { dir, arms: [arm("x", { lr: 1 }), arm("x", { lr: 1 })] };
    await assert.rejects(runGroup(engine, twice), /an arm named "x"/);
  });
});
