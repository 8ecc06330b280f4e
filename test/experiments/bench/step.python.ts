import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disposeWork, stepWork, timePeer, timeStep, writeWork } from "../../../lib/experiments/bench/step.ts";
import { ditDials } from "../../../lib/model/dit/config.ts";
import { loadTokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { ensureExtra, TORCH } from "../../../lib/runtime/setup/extras.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

describe("PyTorch's training step", function () {
  // Its first run installs PyTorch.
  this.timeout(3_600_000);

  it("is that of the same network: its loss is ours", async () => {
    const python = await ensureExtra(TORCH);
    await openBackend();
    const folder = mkdtempSync(join(tmpdir(), "step-"));
    const dials = ditDials.parse({ width: 64, depth: 2, cellWidth: 16, cellDepth: 2 });
    const work = await stepWork(courtyard, loadTokeniser("checkpoints/courtyard/tokeniser"), dials);
    writeWork(folder, work);
    const ours = timeStep(work, 1);
    const theirs = await timePeer(python, folder, 1, "float32", 1);
    // Float32 in another order.
    assert.ok(Math.abs(ours.loss - theirs.loss) < 1e-4 * ours.loss, `${ours.loss} against ${theirs.loss}`);
    disposeWork(work);
    rmSync(folder, { recursive: true });
  });
});
