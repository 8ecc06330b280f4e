import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadParams } from "../../../lib/model/nn/checkpoint.ts";
import { disposeParams } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { pretrain } from "../../../lib/training/pretraining/train.ts";
import { sixSteps } from "./corpora.ts";

describe("pre-training", () => {
  let root: string;
  before(async () => {
    await openBackend();
    root = mkdtempSync(join(tmpdir(), "pretrain-"));
  });
  after(() => rmSync(root, { recursive: true }));

  it("killed and started again by another process, gives the bytes of a run without a break", async function () {
    this.timeout(180_000);
    const [straight, killed] = [join(root, "straight"), join(root, "killed")];
    const child = spawnSync(process.execPath, ["--import", "tsx", "test/training/pretraining/killed-run.ts", killed], {
      encoding: "utf8",
    });
    assert.equal(child.signal, "SIGKILL", child.stderr);
    assert.equal(loadParams(join(killed, "state.safetensors")).metadata.step, "3");
    for (const dir of [killed, straight]) disposeParams(await pretrain(sixSteps(dir)));
    for (const file of ["state.safetensors", "metrics.jsonl", "config.json"]) {
      assert.ok(readFileSync(join(killed, file)).equals(readFileSync(join(straight, file))), file);
    }
    const records = readFileSync(join(straight, "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      records.map(({ step }) => step),
      [3, 6],
    );
    assert.ok(records[1].validation < records[0].validation);
  });

  it("refuses a folder of another configuration", async () => {
    const run = sixSteps(join(root, "straight"));
    await assert.rejects(
      pretrain({ ...run, config: { ...run.config, lr: 1 } }),
      /UserError.*lr is 0.003 instead of 1/s,
    );
  });

  it("refuses a corpus of trajectories that are too short for a window", async () => {
    const run = sixSteps(join(root, "short"));
    const short = { ...run.corpus, clips: 3 };
    await assert.rejects(pretrain({ ...run, corpus: short }), /UserError.*3 clips/s);
    await assert.rejects(pretrain({ ...run, validation: short }), /UserError.*3 clips/s);
    assert.ok(!existsSync(join(root, "short")));
  });
});
