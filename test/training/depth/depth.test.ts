import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DepthConfig } from "../../../lib/model/depth/config.ts";
import { loadDepthNetwork, makeDepthNetwork } from "../../../lib/model/depth/depth.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { FARTHEST, fillDepthBank } from "../../../lib/training/depth/bank.ts";
import { depthQuality } from "../../../lib/training/depth/evaluate.ts";
import { publishDepth } from "../../../lib/training/depth/publish.ts";
import { depthTraining, trainDepth } from "../../../lib/training/depth/train.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { makeDataset } from "../../../lib/world/dataset/make.ts";
import { type Dataset, openDataset } from "../../../lib/world/dataset/read.ts";

const { camera, step } = courtyard;
const MODEL: DepthConfig = { camera, step, width: 8, coarseBlocks: 1 };
const TRAINING = depthTraining.parse({ steps: 4, batch: 2 });
const PIXELS = camera.width * camera.height;

describe("training of the depth network", () => {
  let dir: string;
  let dataset: Dataset;
  before(async () => {
    await openBackend();
    dir = mkdtempSync(join(tmpdir(), "depth-"));
    const data = join(dir, "data");
    await makeDataset({ world: courtyard, dir: data, split: "validation", trajectories: 2, latents: 4, seed: 0 });
    dataset = await openDataset(data);
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("its bank holds pictures of every phase with the world's depths in steps, bounded", async () => {
    const bank = await fillDepthBank(courtyard, dataset, undefined, { first: 0, count: 2, stride: 3 });
    // Frames 0, 3, ... 12 of the first trajectory, 2, 5, 8 and 11 of the second.
    assert.equal(bank.pitches.length, 9);
    const { poses, levelSeed } = dataset.recording(1);
    const truth = await courtyard.level(levelSeed).depth([poses[2]]);
    const found = bank.logDepths.subarray(5 * PIXELS, 6 * PIXELS);
    truth.forEach((depth, i) => {
      const expected = Math.min(FARTHEST, depth / step.translation);
      assert.ok(Math.abs(Math.exp(found[i]) / expected - 1) < 1e-4);
    });
    assert.ok(Math.abs(bank.pitches[5] - poses[2].pitch / step.pitch) < 1e-5);
    const picture = dataset.frames(1).subarray(2 * 3 * PIXELS, 3 * 3 * PIXELS);
    assert.deepEqual(bank.versions[0].subarray(5 * 3 * PIXELS, 6 * 3 * PIXELS), picture);
  });

  it("twice the same is the same to the bit, and what is shipped reads the same", async () => {
    const bank = await fillDepthBank(courtyard, dataset, undefined, { first: 0, count: 2, stride: 3 });
    const run = (name: string, steps: number) =>
      trainDepth(join(dir, name), bank, MODEL, { ...TRAINING, steps }, { tokeniser: "none" });
    const params = await run("whole", 4);
    await run("again", 4);
    const state = (name: string): Buffer => readFileSync(join(dir, name, "state.safetensors"));
    assert.deepEqual(state("again"), state("whole"));
    await assert.rejects(run("whole", 5), UserError);
    const network = makeDepthNetwork(params, MODEL, "");
    const quality = depthQuality(network, bank, 0);
    assert.ok(quality.medianError > 0 && quality.medianError < 3 && quality.meanError < 3);
    const shipped = join(dir, "shipped");
    const facts = { world: "courtyard", tokeniser: "", pictures: 9, quality: [quality, quality] };
    publishDepth(shipped, params, MODEL, TRAINING, facts);
    const [own, loaded] = [network, loadDepthNetwork(shipped)].map((each) => each.read(bank.versions[0]).depths);
    // Shipped in half precision.
    assert.ok(own.every((depth, i) => Math.abs(Math.log(depth / loaded[i])) < 0.05));
    assert.throws(() => loadDepthNetwork("checkpoints/none"), UserError);
  });
});
