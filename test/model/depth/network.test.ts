import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { type DepthConfig, depthConfig } from "../../../lib/model/depth/config.ts";
import { makeDepthNetwork } from "../../../lib/model/depth/depth.ts";
import { depthSpec, fold, unfold } from "../../../lib/model/depth/network.ts";
import { initParams } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";

const SMALL: DepthConfig = {
  camera: { width: 16, height: 8, focal: 8, pitch: "turns" },
  step: { translation: 0.5, yaw: 0.1, pitch: 0.1 },
  width: 8,
  coarseBlocks: 1,
};

describe("depth network", () => {
  before(() => openBackend());

  it("folds pixels of a cell into channels, row by row, and back", () => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 8 * 16 * 3), [1, 8, 16, 3]);
      const folded = fold(x, 4);
      assert.deepEqual(folded.shape, [1, 2, 4, 48]);
      assert.deepEqual([...unfold(folded, 4).dataSync()], [...x.dataSync()]);
      // The second cell's first pixel is the fifth of the first row; its fifth pixel is below it.
      const cell = folded.dataSync().subarray(48, 96);
      assert.deepEqual([cell[0], cell[12]], [4 * 3, (16 + 4) * 3]);
    });
  });

  it("reads each picture by itself, in world units, whatever the batch", () => {
    const network = makeDepthNetwork(initParams(depthSpec(SMALL), 1), SMALL, "");
    const rng = Rng.of(1, "pictures");
    const pictures = Uint8Array.from({ length: 17 * 8 * 16 * 3 }, () => rng.int(256));
    const all = network.read(pictures);
    const last = network.read(pictures.subarray(16 * 8 * 16 * 3));
    assert.equal(all.depths.length, 17 * 8 * 16);
    assert.deepEqual(all.depths.subarray(16 * 8 * 16), last.depths);
    assert.deepEqual(all.pitches.subarray(16), last.pitches);
    // Before training it says about 40 steps everywhere.
    assert.ok(all.depths.every((depth) => depth > 2 && depth < 200));
    assert.throws(() => network.read(pictures.subarray(1)), UserError);
  });

  it("takes only pictures that can be cut into cells", () => {
    const world = { name: "test", camera: SMALL.camera, step: SMALL.step, pitchLimit: 0.3 };
    assert.deepEqual(depthConfig(world).camera, SMALL.camera);
    assert.throws(() => depthConfig({ ...world, camera: { ...SMALL.camera, height: 12 } }), UserError);
  });
});
