import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logToTrackio } from "../../lib/experiments/trackio.ts";
import { ensureExtra, TRACKIO } from "../../lib/runtime/setup/extras.ts";

const READ = `
import json, trackio
from trackio.sqlite_storage import SQLiteStorage
run = trackio.Api().runs("lab")[0]
logs = SQLiteStorage.get_logs("lab", run.name, run_id=run.id)
print(json.dumps({"name": run.name, "config": run.config, "loss": [[h["step"], h["losses/own"]] for h in logs]}))
`;

describe("trackio", function () {
  this.timeout(900_000);

  it("holds a run's configuration and records, as its own interface reads them back", async () => {
    const dir = mkdtempSync(join(tmpdir(), "trackio-"));
    const env = { TRACKIO_DIR: dir };
    const records = [1, 2, 3].map((step) => ({ step, "losses/own": 1 / step }));
    const said = await logToTrackio(
      "lab",
      [{ name: "first", config: { lr: 0.5, nested: { name: "a" } }, records }],
      env,
    );
    assert.match(said, /first: 3 records/);
    const python = await ensureExtra(TRACKIO);
    const out = execFileSync(python, ["-c", READ], { env: { ...process.env, ...env }, encoding: "utf8" });
    const found = JSON.parse(out.trim().split("\n").at(-1) as string);
    assert.equal(found.name, "first");
    assert.equal(found.config.lr, 0.5);
    assert.deepEqual(found.loss, [
      [1, 1],
      [2, 0.5],
      [3, 1 / 3],
    ]);
    rmSync(dir, { recursive: true });
  });
});
