import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  ACTIONS,
  blocked,
  CLEARANCE,
  FRAME_BYTES,
  HEIGHT,
  makeScene,
  type Pose,
  renderFrame,
  renderPath,
  solidsNear,
  stepPose,
  WIDTH,
} from "../../lib/world/index.ts";
import { CELL } from "../../lib/world/solids.ts";

function freePose(seed: number): Pose {
  const scene = makeScene(seed);
  let x = 0;
  while (blocked(scene, x, 0, 2 * CLEARANCE)) x += 0.25;
  return { x, z: 0, yaw: seed, pitch: 0 };
}

/** Mean absolute difference of two pictures, 0..255. */
function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}

describe("renderFrame", () => {
  it("gives the same picture whatever was rendered before", () => {
    const pose = freePose(5);
    const first = renderFrame(makeScene(5), pose);
    const scene = makeScene(5);
    renderFrame(makeScene(6), freePose(6));
    renderFrame(scene, { ...pose, x: pose.x + 30 });
    assert.deepEqual(renderFrame(scene, pose), first);
    assert.equal(first.length, FRAME_BYTES);
  });

  it("is the recorded picture (a change here means new data and new checkpoints)", () => {
    const frames = [1, 2, 3, 4].map((seed) =>
      renderFrame(makeScene(seed), { ...freePose(seed), pitch: 0.1 * (seed - 2) }),
    );
    const digest = createHash("sha256").update(Buffer.concat(frames)).digest("hex");
    assert.equal(digest.slice(0, 16), "6cdcdc35723e53e1");
  });

  it("every one of the 80 moving actions changes the picture, and no two alike", () => {
    for (let seed = 0; seed < 3; seed++) {
      const scene = makeScene(seed);
      const start = freePose(seed);
      const pictures = Array.from({ length: ACTIONS }, (_, action) => renderFrame(scene, stepPose(start, action)));
      for (let a = 0; a < ACTIONS; a++) {
        for (let b = 0; b < a; b++)
          assert.ok(difference(pictures[a], pictures[b]) > 1, `${a} and ${b} in scene ${seed}`);
      }
    }
  });

  it("moves smoothly: a hundredth of a step changes little, anywhere", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: -0.3, max: 0.3, noNaN: true }), (seed, pitch) => {
        const scene = makeScene(seed);
        const pose = { ...freePose(seed), pitch };
        const nudged = { ...pose, x: pose.x + 1e-3, yaw: pose.yaw + 4e-4 };
        assert.ok(difference(renderFrame(scene, pose), renderFrame(scene, nudged)) < 1.5);
      }),
      { numRuns: 60 },
    );
  });

  it("the horizon is level and in the middle at pitch 0, lower when looking up", () => {
    const scene = makeScene(11);
    const sky = (pitch: number): number => {
      const frame = renderFrame({ ...scene, cells: emptyCells }, { x: 0, z: 0, yaw: 0, pitch });
      const { horizon } = scene.palette;
      const rows = Array.from({ length: HEIGHT }, (_, row) => row);
      const hazy = (row: number) => Math.abs(frame[(row * WIDTH + 40) * 3] - horizon[0]);
      return rows.reduce((best, row) => (hazy(row) < hazy(best) ? row : best), 0);
    };
    assert.ok(sky(0.2) > sky(0) && sky(0) > sky(-0.2));
  });

  it("a path is its frames", () => {
    const scene = makeScene(9);
    const poses = [freePose(9), stepPose(freePose(9), 11)];
    const frames = renderPath(scene, poses);
    assert.deepEqual(frames.subarray(FRAME_BYTES), renderFrame(scene, poses[1]));
  });
});

/** A cell cache that answers "empty" for every cell. */
const emptyCells = Object.assign(new Map<number, null>(), { get: () => null });

describe("solids", () => {
  it("stay within their cells, so none overlap; 7 to 32 are within 10 units", () => {
    for (let seed = 0; seed < 30; seed++) {
      const near = solidsNear(makeScene(seed), 17 * seed, -5 * seed, 10);
      assert.ok(near.length >= 7 && near.length <= 32, `${near.length} solids`);
      for (const { x, z, footprint } of near) {
        for (const at of [x, z]) {
          const inCell = at - CELL * Math.floor(at / CELL);
          assert.ok(inCell - footprint >= 0 && inCell + footprint <= CELL);
        }
      }
    }
  });

  it("block the camera where they stand and not beyond their clearance", () => {
    const scene = makeScene(2);
    for (const { x, z, footprint } of solidsNear(scene, 0, 0, 20)) {
      assert.ok(blocked(scene, x + footprint, z, 0.1));
      assert.ok(blocked(scene, x, z, 0));
    }
  });
});
