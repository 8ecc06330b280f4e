import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeBase } from "../../../lib/experiments/pipeline/base.ts";
import { CONFIGS } from "../../../lib/experiments/pipeline/config.ts";
import { dataDir, networkDir, type Pipeline } from "../../../lib/experiments/pipeline/folders.ts";
import { readConfig } from "../../../lib/model/nn/published.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { makeDataset } from "../../../lib/world/dataset/make.ts";
import { makeTinyNetworks, TINY } from "../tiny-networks.ts";

describe("the base part", () => {
  let dir: string;
  let pipeline: Pipeline;
  const { latent: _, camera: __, step: ___, ...dials } = TINY;

  before(async () => {
    await openBackend();
    dir = mkdtempSync(join(tmpdir(), "base-part-"));
    const base = { ...CONFIGS.base, model: dials, steps: 1, cooldown: 0, batch: 1, ownEvery: 0 };
    pipeline = { world: courtyard, dir: join(dir, "runs"), seed: 0, configs: { base } };
    makeTinyNetworks(networkDir(pipeline, ""), []);
    makeTinyNetworks(join(dir, "shipped"), ["base"]);
    for (const split of ["pretrain", "validation"] as const)
      await makeDataset({
        world: courtyard,
        seed: 0,
        dir: dataDir(pipeline, split),
        split,
        trajectories: 1,
        latents: 20,
      });
  });
  after(() => rmSync(dir, { recursive: true }));

  const goingOn = (from: string, change: object = {}): Pipeline => {
    const base = { ...(pipeline.configs?.base as typeof CONFIGS.base), ...change, from: join(dir, from) };
    return { ...pipeline, configs: { base } };
  };

  it("refuses to go on from a network of another shape, and says in what", async () => {
    const wider = { model: { ...dials, width: 2 * dials.width } };
    await assert.rejects(makeBase(goingOn("shipped/base", wider)), /has another shape: width is .* instead of/);
  });

  it("goes on from a shipped network, and the one that comes out names it", async () => {
    await makeBase(goingOn("shipped/base"));
    const { from, steps } = readConfig(networkDir(pipeline, "base"));
    assert.equal(from, readConfig(join(dir, "shipped/base")).sha256);
    assert.equal(steps, 1);
  });
});
