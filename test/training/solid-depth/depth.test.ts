import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { loadDepthNetwork } from "../../../lib/model/legacy/solid-depth/depth.ts";
import {
  byCell,
  byPixel,
  CELL_COLUMNS,
  CELL_ROWS,
  depthInputs,
  INPUTS,
} from "../../../lib/model/legacy/solid-depth/network.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { cameraAt, FRAME_BYTES, HEIGHT, type Pose, WIDTH } from "../../../lib/world/index.ts";
import { makeScene, renderEmpty, renderFrame, solidDepths } from "../../../lib/world/plane/index.ts";

const POSES: Pose[] = [0, 1, 2, 3, 4, 5].map((i) => ({ x: 7 * i, z: -5 * i, yaw: i, pitch: 0.05 * (i - 3) }));

describe("depth of solids", () => {
  before(() => openBackend());

  it("by pixel and by cell are inverse to each other", () => {
    const values = Float32Array.from({ length: 2 * HEIGHT * WIDTH }, (_, i) => i);
    assert.deepEqual(byPixel(byCell(values)), values);
    // The second row's first pixel is the fifth of the first cell.
    assert.equal(byCell(values)[4], WIDTH);
  });

  it("is told colours in -1..1 and how near the ground is, which is nothing above the horizon", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.double({ min: -0.3, max: 0.3, noNaN: true }), (grey, pitch) => {
        const inputs = depthInputs([new Uint8Array(FRAME_BYTES).fill(grey)], [pitch]);
        assert.equal(inputs.length, CELL_ROWS * CELL_COLUMNS * INPUTS);
        assert.ok(Math.abs(inputs[0] - (grey / 127.5 - 1)) < 1e-6);
        const nearness = Array.from({ length: CELL_ROWS }, (_, row) => inputs[row * CELL_COLUMNS * INPUTS + 48]);
        assert.equal(nearness[0], 0);
        assert.ok(nearness.every((value, row) => row === 0 || value >= nearness[row - 1]));
      }),
      { numRuns: 20 },
    );
  });

  it("of true pictures is found: most solids, and few where there are none", () => {
    const network = loadDepthNetwork();
    let [both, either, wrong] = [0, 0, 0];
    for (const [seed, pose] of POSES.entries()) {
      const scene = makeScene(900_000 + seed);
      const truth = solidDepths(scene, cameraAt(pose));
      const pictures = [renderFrame(scene, pose), renderEmpty(scene, pose)];
      const [found, nothing] = network.depths(pictures, [pose.pitch, pose.pitch]);
      truth.forEach((depth, i) => {
        if (depth < Infinity && found[i] < Infinity) both++;
        if (depth < Infinity || found[i] < Infinity) either++;
        if (nothing[i] < Infinity) wrong++;
      });
    }
    // The card says 0.9 of more pictures; faint far solids decide.
    assert.ok(both / either > 0.75, `${both / either}`);
    assert.ok(wrong / (POSES.length * HEIGHT * WIDTH) < 0.01, `${wrong} pixels`);
  });

  it("leaves no tensor behind", () => {
    const network = loadDepthNetwork();
    const before = tf.memory().numTensors;
    network.depths([renderFrame(makeScene(3), POSES[0])], [0]);
    assert.deepEqual(network.depths([], []), []);
    assert.equal(tf.memory().numTensors, before);
  });
});
