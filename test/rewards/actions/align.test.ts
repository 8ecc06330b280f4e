import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { align, solve } from "../../../lib/rewards/actions/align.ts";
import { inverse } from "../../../lib/rewards/actions/likelihood.ts";
import { groupTensor, stepsOf } from "../../../lib/rewards/actions/reading.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { joinBytes, joinFloats } from "../../../lib/util/arrays.ts";
import { cameraOf, depths, latentOf, picture, STEP } from "./scene.ts";

/** None, one of each axis, diagonals, and everything at once. */
const ACTIONS = [0, 9, 18, 27, 1, 3, 45, 50, 80];

describe("direct alignment", () => {
  before(() => openBackend());

  for (const model of ["turns", "shears"] as const) {
    it(`${model}: finds a camera's motion from frames, depth and pitch, level or not`, () => {
      const camera = cameraOf(model);
      const paths = ACTIONS.map((action, i) =>
        latentOf({ x: 0.3, z: -0.5, yaw: 0.2, pitch: 0.1 * ((i % 3) - 1) }, action),
      );
      const groups = paths.map((path) => joinBytes(path.map((pose) => picture(camera, pose))));
      const [motions, residuals] = tf.tidy(() => {
        const middles = joinFloats(paths.map((path) => depths(camera, path[2])));
        const found = align(
          camera,
          STEP,
          groupTensor(groups, camera, groups.length),
          tf.tensor(middles, [paths.length, camera.height, camera.width]),
          tf.tensor1d(paths.map((path) => path[2].pitch)),
        );
        return [found.motion.arraySync() as number[][], [...found.residual.dataSync()]];
      });
      ACTIONS.forEach((action, i) => {
        const [found, truth] = [motions[i], stepsOf(action)];
        // On a wall and in small pictures a way to the side and a turn look much alike; a label changes at half a step.
        found.forEach((value, axis) => {
          assert.ok(Math.abs(value - truth[axis]) < 0.15, `action ${action}: ${found} instead of ${truth}`);
        });
        assert.ok(residuals[i] < 0.02, `${residuals[i]}`);
      });
    });
  }

  it("solves what the inverse solves", () => {
    const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 });
    const property = fc.property(numbers, (values) => {
      const factor = values.slice(0, 16);
      const matrix = Array.from({ length: 16 }, (_, i) => {
        const [r, c] = [Math.floor(i / 4), i % 4];
        return [0, 1, 2, 3].reduce((sum, k) => sum + factor[4 * r + k] * factor[4 * c + k], r === c ? 0.5 : 0);
      });
      const vector = values.slice(16);
      const found = tf.tidy(() => [...solve(tf.tensor(matrix, [1, 4, 4]), tf.tensor(vector, [1, 4, 1])).dataSync()]);
      const own = inverse(matrix, 4);
      found.forEach((value, r) => {
        const expected = vector.reduce((sum, v, c) => sum + own[4 * r + c] * v, 0);
        assert.ok(Math.abs(value - expected) < 1e-4);
        matrix.forEach((_, i) => {
          const product = [0, 1, 2, 3].reduce(
            (s, k) => s + matrix[4 * Math.floor(i / 4) + k] * own[4 * k + (i % 4)],
            0,
          );
          assert.ok(Math.abs(product - (i % 5 === 0 ? 1 : 0)) < 1e-9);
        });
      });
    });
    fc.assert(property, { numRuns: 30 });
  });
});
