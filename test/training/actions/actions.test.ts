import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { DESIGNS } from "../../../lib/rewards/actions/classifier.ts";
import { stepsOf } from "../../../lib/rewards/actions/reading.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { type FeatureBank, fillBanks, latentNumbers } from "../../../lib/training/actions/bank.ts";
import { fitErrors } from "../../../lib/training/actions/errors.ts";
import { blurred, degraded } from "../../../lib/training/actions/soften.ts";
import { classifierTraining, trainClassifier } from "../../../lib/training/actions/train.ts";
import { turnedAction } from "../../../lib/training/actions/turn.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { makeDataset } from "../../../lib/world/dataset/make.ts";
import { openDataset } from "../../../lib/world/dataset/read.ts";

const CAMERA = { ...courtyard.camera, width: 16, height: 8 };

describe("training of action estimators", () => {
  let dir: string;
  before(() => openBackend());
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "actions-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("mirrored or backwards an action's motion is turned, and turned again it is itself", () => {
    fc.assert(
      fc.property(fc.nat(80), fc.boolean(), fc.boolean(), (action, mirror, reverse) => {
        const [back, side] = [reverse ? -1 : 1, mirror !== reverse ? -1 : 1];
        const turned = stepsOf(turnedAction(action, { mirror, reverse }));
        // Adding 0 makes -0 equal to 0.
        const expected = stepsOf(action).map((value, axis) => value * (axis === 0 || axis === 2 ? side : back) + 0);
        assert.deepEqual(
          turned.map((value) => value + 0),
          expected,
        );
        assert.equal(turnedAction(turnedAction(action, { mirror, reverse }), { mirror, reverse }), action);
      }),
    );
  });

  it("blur keeps flat pictures and spreads a point over neighbours of its own frame", () => {
    const flat = new Uint8Array(2 * 8 * 16 * 3).fill(77);
    assert.deepEqual(blurred(flat, CAMERA), flat);
    const point = new Uint8Array(2 * 8 * 16 * 3);
    point[3 * (7 * 16 + 5)] = 255;
    const soft = blurred(point, CAMERA);
    assert.ok(soft[3 * (7 * 16 + 5)] < 255 && soft[3 * (6 * 16 + 5)] > 0 && soft[3 * (7 * 16 + 7)] > 0);
    assert.ok(soft.subarray(8 * 16 * 3).every((value) => value === 0));
    assert.deepEqual(degraded(point, CAMERA, 1, 0, Rng.of(1)), soft);
    assert.deepEqual(degraded(point, CAMERA, 0, 0, Rng.of(1)), point);
  });

  it("fits the errors that motions have", () => {
    const rng = Rng.of(3, "errors");
    const actions = Array.from({ length: 120 }, () => rng.int(81));
    const information = Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1e6 : 0));
    const fitted = (deviation: number) =>
      fitErrors(
        actions.map((action) => ({
          motion: Float32Array.from(stepsOf(action), (value) => value + deviation * rng.normal()),
          information,
          residual: 0,
        })),
        actions,
      );
    const wide = fitted(0.3);
    // The two parts of the variance add up, whichever of them takes it.
    const deviation = Math.sqrt(wide.factor * 1e-6 + wide.floor ** 2);
    assert.ok(deviation > 0.1, `${deviation}`);
    assert.ok(fitted(0.02).surprise < 0.01 && wide.surprise > 0.1);
  });

  it("banks hold the same features in every version of a latent, and repeat", async () => {
    await makeDataset({ world: courtyard, dir, split: "validation", trajectories: 1, latents: 3, seed: 0 });
    const dataset = await openDataset(dir);
    const options = { seed: 1, first: 0, count: 1, latentNoise: 0.1, noise: 0.02 };
    const [bank, ...others] = fillBanks(DESIGNS, dataset, undefined, options);
    assert.equal(others.length, DESIGNS.length - 1);
    assert.equal(bank.versions.length, 2);
    assert.ok(bank.versions.every((version) => version.length === 2 * latentNumbers(bank)));
    assert.deepEqual(bank.actions, dataset.recording(0).actions.subarray(1));
    assert.deepEqual(fillBanks(DESIGNS, dataset, undefined, options)[0].versions, bank.versions);
  });

  it("learns what features tell, and twice the same is the same to the bit", async () => {
    const [design] = DESIGNS;
    const size = latentNumbers({ design, camera: CAMERA });
    const rng = Rng.of(5, "toy");
    // Forward where all numbers are high, else still; symmetric, so that turns agree with it.
    const actions = Uint8Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 0 : 1));
    const versions = [
      Int8Array.from({ length: 64 * size }, (_, i) => 10 * rng.normal() + 50 * actions[Math.floor(i / size)]),
    ];
    const bank: FeatureBank = { design, camera: CAMERA, versions, actions };
    const config = classifierTraining.parse({ steps: 3, batch: 8 });
    const run = (name: string, steps: number) => trainClassifier(join(dir, name), bank, { ...config, steps });
    await run("whole", 3);
    await run("again", 3);
    const state = (name: string): Buffer => readFileSync(join(dir, name, "state.safetensors"));
    assert.deepEqual(state("again"), state("whole"));
    await run("long", 40);
    const losses = readFileSync(join(dir, "long", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n");
    const [first, last] = [losses[0], losses[losses.length - 1]].map((line) => JSON.parse(line).loss as number);
    assert.ok(last < first - 0.5, `${first} ${last}`);
  });
});
