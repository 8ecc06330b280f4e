import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { flowOf, pointsAt, raysOf, seenAfter } from "../../../lib/rewards/actions/camera-motion.ts";
import { stepsOf } from "../../../lib/rewards/actions/reading.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { axesAt, directionOf } from "../../../lib/world/axes.ts";
import type { Pose, Vec3 } from "../../../lib/world/camera.ts";
import type { CameraModel } from "../../../lib/world/world.ts";
import { cameraOf, latentOf, STEP } from "./scene.ts";

const dot = (a: Vec3, b: readonly number[]): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Where a point beside a pose is seen, from the camera's definition alone: per unit of depth, rightward and upward. */
function seen(camera: CameraModel, pose: Pose, point: readonly number[]): [number, number] {
  const sheared = camera.pitch === "shears";
  const { right, up, forward } = axesAt(sheared ? { yaw: pose.yaw, pitch: 0 } : pose);
  const offset = [point[0] - pose.x, point[1], point[2] - pose.z];
  const depth = dot(forward, offset);
  return [dot(right, offset) / depth, dot(up, offset) / depth - (sheared ? Math.tan(pose.pitch) : 0)];
}

describe("the motion of what a camera sees", () => {
  before(() => openBackend());

  for (const model of ["turns", "shears"] as const) {
    const camera = cameraOf(model);

    it(`${model}: points are seen where an action's poses see them, before and after`, () => {
      const poses = fc.record({
        x: fc.double({ min: -5, max: 5, noNaN: true }),
        z: fc.double({ min: -5, max: 5, noNaN: true }),
        yaw: fc.double({ min: -3, max: 3, noNaN: true }),
        pitch: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
      });
      const property = fc.property(poses, fc.nat(80), fc.nat(32 * 24 - 1), (start, action, pixel) => {
        const path = latentOf(start, action);
        const middle = path[2];
        const depth = 3;
        const [column, row] = [pixel % 32, Math.floor(pixel / 32)];
        const ray = directionOf(camera, middle, column + 0.5 - 16, row + 0.5 - 12);
        const point = [middle.x + depth * ray[0], depth * ray[1], middle.z + depth * ray[2]];
        const found = tf.tidy(() => {
          const rays = raysOf(camera, 1);
          const pitch = tf.tensor2d([[middle.pitch]]);
          const points = pointsAt(camera, rays, tf.fill([1, 32 * 24], depth / STEP.translation), pitch);
          const times = tf.tensor3d([[[-2], [-1], [1], [2]]]);
          const { across, upward } = seenAfter(camera, STEP, points, pitch, tf.tensor2d([[...stepsOf(action)]]), times);
          return [across, upward].map((t) => (t.arraySync() as number[][][])[0].map((places) => places[pixel]));
        });
        [0, 1, 3, 4].forEach((frame, k) => {
          const [across, upward] = seen(camera, path[frame], point);
          // A way of two frames is taken as one straight line, half a turn on: 0.1 % shorter than the arc.
          assert.ok(Math.abs(found[0][k] - across) < 2e-3, `${found[0][k]} ${across}`);
          assert.ok(Math.abs(found[1][k] - upward) < 2e-3, `${found[1][k]} ${upward}`);
        });
      });
      fc.assert(property, { numRuns: 60 });
    });

    it(`${model}: the flow is the derivative of where points are seen`, () => {
      const small = 1e-2;
      const [flows, differences] = tf.tidy(() => {
        const rays = raysOf(camera, 2);
        const pitch = tf.tensor2d([[0.2]]);
        const away = tf.add(tf.mul(tf.sin(tf.range(0, rays.width * rays.height)), 5), 20);
        const depth = tf.reshape(away, [1, -1]);
        const points = pointsAt(camera, rays, depth, pitch);
        const at = (axis: number, by: number) =>
          seenAfter(
            camera,
            STEP,
            points,
            pitch,
            tf.tensor2d([[0, 1, 2, 3].map((a) => (a === axis ? by : 0))]),
            tf.tensor3d([[[1]]]),
          );
        const slope = (axis: number): number[][] => {
          const [later, before] = [at(axis, small), at(axis, -small)];
          const of = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.div(tf.mul(tf.sub(a, b), rays.focal), 2 * small);
          const parts = [of(later.across, before.across), tf.neg(of(later.upward, before.upward))];
          return parts.map((t) => [...t.dataSync()]);
        };
        const flow = flowOf(camera, STEP, rays, points, depth, pitch).map((t) => t.arraySync() as number[][][]);
        const found = [0, 1, 2, 3].map((axis) => flow.map((t) => t[0].map((values) => values[axis])));
        return [found, [0, 1, 2, 3].map(slope)];
      });
      flows.flat(2).forEach((value, i) => {
        // 32-bit differences of places near 1 over a hundredth of a step.
        assert.ok(Math.abs(value - differences.flat(2)[i]) < 3e-3, `${i}: ${value} ${differences.flat(2)[i]}`);
      });
    });
  }
});
