import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { DESIGNS } from "../../../lib/rewards/actions/classifier.ts";
import { type FeatureDesign, gridOf } from "../../../lib/rewards/actions/features.ts";
import { groupTensor } from "../../../lib/rewards/actions/reading.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { turnOf } from "../../../lib/training/actions/turn.ts";
import { joinBytes } from "../../../lib/util/arrays.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { cameraOf, latentOf, picture } from "./scene.ts";

const CAMERA = cameraOf("turns");
const FRAMES = latentOf({ x: 0, z: 0, yaw: 0.1, pitch: 0.05 }, 50).map((pose) => picture(CAMERA, pose));

function mirrored(frame: Uint8Array): Uint8Array {
  const { width } = CAMERA;
  return frame.map((_, i) => {
    const pixel = Math.floor(i / 3);
    return frame[3 * (pixel - (pixel % width) + width - 1 - (pixel % width)) + (i % 3)];
  });
}

const featuresOf = (design: FeatureDesign, frames: readonly Uint8Array[]): Float32Array =>
  tf.tidy(() => design.features(groupTensor([joinBytes(frames)], CAMERA, 1), CAMERA).dataSync() as Float32Array);

describe("features of motion", () => {
  before(() => openBackend());

  it("need pictures that can be halved three times", () => {
    assert.deepEqual(gridOf(CAMERA), { rows: 6, columns: 4 });
    for (const wrong of [{ width: 36 }, { height: 20 }, { width: 0.5 }])
      assert.throws(() => gridOf({ ...CAMERA, ...wrong }), UserError);
  });

  for (const design of DESIGNS) {
    it(`${design.name}: those of mirrored pictures, or of frames backwards, are known from the others`, () => {
      const own = featuresOf(design, FRAMES);
      for (const reverse of design.reverse ? [false, true] : [false])
        for (const mirror of [false, true]) {
          const turned = mirror ? FRAMES.map(mirrored) : FRAMES;
          const found = featuresOf(design, reverse ? turned.toReversed() : turned);
          const { from, sign } = turnOf(design, CAMERA, { mirror, reverse });
          found.forEach((value, i) => {
            // Sums in another order.
            assert.ok(Math.abs(value - sign[i] * own[from[i]]) < 2e-3, `${mirror} ${reverse} ${i}`);
          });
        }
    });

    it(`${design.name}: all finite, about -1..1, also where nothing is to be seen`, () => {
      const { rows, columns } = gridOf(CAMERA);
      const black = FRAMES.map((frame) => new Uint8Array(frame.length));
      for (const frames of [FRAMES, black]) {
        const values = featuresOf(design, frames);
        assert.equal(values.length, rows * columns * design.channels);
        assert.ok(values.every((value) => Math.abs(value) <= 1.2));
      }
    });
  }
});
