import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { encodePng } from "../../../lib/display/media/index.ts";
import { meanDifference } from "../../../lib/world/data/statistics.ts";
import { CLEARANCE, FRAME_BYTES, HEIGHT, type Pose, stepPose, WIDTH } from "../../../lib/world/index.ts";
import { blocked, makeScene, renderFrame, renderPath, SIGHT, solidsNear } from "../../../lib/world/plane/index.ts";
import { CELL } from "../../../lib/world/plane/solids.ts";
import { expectPicture } from "../../expect-picture.ts";

function freePose(seed: number): Pose {
  const scene = makeScene(seed);
  let x = 0;
  while (blocked(scene, x, 0, 2 * CLEARANCE)) x += 0.25;
  return { x, z: 0, yaw: seed, pitch: 0 };
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
    const pixels = Uint8Array.from(Buffer.concat(frames));
    // Sines may differ in their last bit between versions of V8, so the picture is compared, not its hash.
    expectPicture(
      join(import.meta.dirname, "expected"),
      "scenes",
      encodePng({ pixels, width: WIDTH, height: 4 * HEIGHT }),
    );
  });

  it("moves smoothly: a hundredth of a step changes little, anywhere", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: -0.3, max: 0.3, noNaN: true }), (seed, pitch) => {
        const scene = makeScene(seed);
        const pose = { ...freePose(seed), pitch };
        const nudged = { ...pose, x: pose.x + 1e-3, yaw: pose.yaw + 4e-4 };
        assert.ok(meanDifference(renderFrame(scene, pose), renderFrame(scene, nudged)) < 1.5);
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
  it("stay within their cells, so none overlap", () => {
    for (let seed = 0; seed < 30; seed++) {
      const near = solidsNear(makeScene(seed), 17 * seed, -5 * seed, 10);
      for (const { x, z, footprint } of near) {
        for (const at of [x, z]) {
          const inCell = at - CELL * Math.floor(at / CELL);
          assert.ok(inCell - footprint >= 0 && inCell + footprint <= CELL);
        }
      }
    }
  });

  it("4 to 15 are near enough to be drawn, 9 on average; 10 to 30 within 14 units", () => {
    const counts = (radius: number) =>
      Array.from({ length: 300 }, (_, seed) => solidsNear(makeScene(seed), 17 * seed, -5 * seed, radius).length);
    const drawn = counts(SIGHT);
    assert.ok(Math.min(...drawn) >= 4 && Math.max(...drawn) <= 15, `${Math.min(...drawn)} to ${Math.max(...drawn)}`);
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    // Area over that of two cells, 8.9; the mean of 300 counts has a standard deviation of 0.12.
    assert.ok(Math.abs(mean - (Math.PI * SIGHT ** 2) / (2 * CELL ** 2)) < 0.4, `mean ${mean}`);
    assert.ok(counts(14).every((count) => count >= 10 && count <= 30));
  });

  it("block the camera where they stand and not beyond their clearance", () => {
    const scene = makeScene(2);
    for (const { x, z, footprint } of solidsNear(scene, 0, 0, 20)) {
      assert.ok(blocked(scene, x + footprint, z, 0.1));
      assert.ok(blocked(scene, x, z, 0));
    }
  });
});
