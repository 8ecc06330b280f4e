import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  disposeWork,
  type StepWork,
  stepWork,
  timePeer,
  timeStep,
  writeWork,
} from "../../../lib/experiments/bench/step.ts";
import { ditDials } from "../../../lib/model/dit/config.ts";
import { ditSpec } from "../../../lib/model/dit/spec.ts";
import { loadTokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { decodeSafetensors } from "../../../lib/util/safetensors.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

describe("the timed training step", () => {
  let work: StepWork;
  let folder: string;
  before(async () => {
    await openBackend();
    folder = mkdtempSync(join(tmpdir(), "step-"));
    const dials = ditDials.parse({ width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
    work = await stepWork(courtyard, loadTokeniser("checkpoints/courtyard/tokeniser"), dials);
  });
  after(() => {
    disposeWork(work);
    rmSync(folder, { recursive: true });
  });

  it("gives the loss of the first step, and seconds of the counted ones", () => {
    const { loss, seconds } = timeStep(work, 2);
    assert.ok(loss > 0.5 && loss < 10, `${loss}`);
    assert.equal(seconds.length, 2);
    assert.equal(timeStep(work, 1).loss, loss);
  });

  it("hands its peer every parameter and the whole batch", () => {
    writeWork(folder, work);
    const read = (name: string) => decodeSafetensors(readFileSync(join(folder, name)), name).tensors;
    assert.deepEqual(Object.keys(read("params.safetensors")), Object.keys(ditSpec(work.model)));
    const { "targets.latents": latents, "context.actions": actions, mask } = read("batch.safetensors");
    assert.deepEqual(latents.shape, work.batch.targets.latents.shape);
    assert.deepEqual([...actions.data], [...work.batch.context.actions.dataSync()]);
    assert.deepEqual(mask.shape, [8, 4, 6]);
    assert.ok(existsSync(join(folder, "facts.json")));
  });

  it("says in a line why a peer failed", async () => {
    await assert.rejects(timePeer(process.execPath, folder, 1, "float32", 1), /PyTorch's step failed: .+/);
  });
});
