import assert from "node:assert/strict";
import fc from "fast-check";
import { Rng } from "../../../lib/util/rng.ts";
import { directionOf } from "../../../lib/world/axes.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { furnish } from "../../../lib/world/courtyard/furniture.ts";
import { CLEARANCE, EYE, HALF, SKY, WALLS } from "../../../lib/world/courtyard/yard.ts";

const { width, height } = courtyard.camera;
const pixel = (frame: Uint8Array, row: number, column: number): number[] => [
  ...frame.subarray(3 * (row * width + column), 3 * (row * width + column) + 3),
];
const poseOf = (seed: number): Pose => courtyard.level(seed).spawn(Rng.of("pose", seed));

describe("the courtyard", () => {
  it("renders the same bytes again, other furniture for another seed, and each pose for itself", async () => {
    const poses = [poseOf(1), poseOf(2), poseOf(3)];
    const all = await courtyard.level(7).render(poses);
    assert.deepEqual(await courtyard.level(7).render(poses), all);
    assert.deepEqual(
      await courtyard.level(7).render([poses[1]]),
      all.slice(width * height * 3, 2 * width * height * 3),
    );
    assert.notDeepEqual(await courtyard.level(8).render(poses), all);
  });

  it("shows the sky above and, facing a wall, its paint at the distance of the wall", async () => {
    const pose = { x: 0, z: HALF - CLEARANCE, yaw: 0, pitch: 0 };
    const level = courtyard.level(3);
    const [frame, depth] = [await level.render([{ ...pose, z: 0, pitch: 0.34 }]), await level.depth([pose])];
    assert.deepEqual(pixel(frame, 0, 40), SKY);
    const middle = depth[Math.floor(height / 2) * width + width / 2];
    assert.ok(Math.abs(middle - CLEARANCE) < 1e-6);
    const seen = pixel(await level.render([pose]), Math.floor(height / 2), 40);
    assert.ok(
      WALLS[2].stripes.some((stripe) => stripe.every((c, i) => c === seen[i])),
      `${seen}`,
    );
  });

  it("depth is where the ray of each pixel meets the ground, a wall or a box", async () => {
    const pose = poseOf(11);
    const boxes = furnish(11);
    const depth = await courtyard.level(11).depth([pose]);
    for (let i = 0; i < depth.length; i += 7) {
      if (depth[i] > 100) continue;
      const [across, down] = [(i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2];
      const [dx, dy, dz] = directionOf(courtyard.camera, pose, across, down);
      const [x, y, z] = [pose.x + depth[i] * dx, EYE + depth[i] * dy, pose.z + depth[i] * dz];
      const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-4;
      const onBox = boxes.some((b) => {
        const [across, along] = [Math.abs(x - b.x) - b.halfX, Math.abs(z - b.z) - b.halfZ];
        const side = near(Math.max(across, along), 0) && y <= b.height + 1e-4;
        return side || (near(y, b.height) && across <= 1e-4 && along <= 1e-4);
      });
      assert.ok(onBox || near(y, 0) || near(Math.max(Math.abs(x), Math.abs(z)), HALF), `pixel ${i}: ${x}, ${y}, ${z}`);
    }
  });

  it("spawns where the camera may be, and never lets it near walls or boxes", () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const level = courtyard.level(seed);
        const pose = level.spawn(Rng.of(seed));
        assert.ok(level.isFree(pose));
        assert.ok(!level.isFree({ ...pose, x: HALF - CLEARANCE / 2 }));
        assert.ok(!level.isFree({ ...pose, pitch: 2 * courtyard.pitchLimit }));
        for (const { x, z } of furnish(seed)) assert.ok(!level.isFree({ ...pose, x, z }));
      }),
      { numRuns: 50 },
    );
  });

  it("has 4 to 7 boxes of different kinds, each in a cell of its own", () => {
    for (let seed = 0; seed < 200; seed++) {
      const boxes = furnish(seed);
      assert.ok(boxes.length >= 4 && boxes.length <= 7);
      assert.equal(new Set(boxes.map(({ body }) => body.join())).size, boxes.length);
    }
  });
});
