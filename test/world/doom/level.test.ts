import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Rng } from "../../../lib/util/rng.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { MAP_UNITS, ORIGIN } from "../../../lib/world/doom/units.ts";
import { type Plan, planTrajectory } from "../../../lib/world/plan.ts";
import { openWorld } from "../../../lib/world/registry.ts";
import type { World } from "../../../lib/world/world.ts";
import { installedOrSkipped } from "./installed.ts";

const PLAN: Plan = {
  commands: "mix",
  latents: 12,
  segment: [2, 6],
  longestCombined: 4,
  combinedShare: 0.2,
  noneShare: 0.1,
  without: [],
};
/** Middles of the nine rooms, of about 160 x 160, on the map. */
const ROOMS = [
  ...[
    [240, -176],
    [464, -176],
    [688, -176],
    [1040, -176],
  ],
  ...[
    [464, 48],
    [688, 48],
    [1040, 48],
  ],
  ...[
    [464, -464],
    [1040, -336],
  ],
];
const DEGREE = Math.PI / 180;

/** Everything that a data set holds of a few seeds. */
async function digest(world: World): Promise<string> {
  const hash = createHash("sha256");
  for (const seed of [0, 5]) {
    const level = world.level(seed);
    const { actions, poses } = planTrajectory(level, world.step, PLAN, Rng.of(seed, "trajectory"));
    hash.update(actions).update(Float64Array.from(poses.flatMap(({ x, z, yaw, pitch }) => [x, z, yaw, pitch])));
    hash.update(await level.render(poses)).update(await level.depth(poses));
  }
  return hash.digest("hex");
}

describe("a level of doom", () => {
  let world: World;
  before(async function () {
    await installedOrSkipped(this);
    world = await openWorld("doom");
  });
  after(() => world?.close());

  it("has data that its seed determines, in another process too", async () => {
    const other = await openWorld("doom");
    assert.equal(await digest(other), await digest(world));
    await other.close();
  });

  it("is one map, whatever its seed: seeds part trajectories only", async () => {
    const poses = [world.level(1).spawn(Rng.of(3, "spawn"))];
    assert.deepEqual(await world.level(1).render(poses), await world.level(900).render(poses));
    assert.deepEqual(await world.level(1).depth(poses), await world.level(900).depth(poses));
  });

  it("is free where a camera may go: inside, half a unit from walls, within the pitch's limit", () => {
    const level = world.level(0);
    const middle = { x: -7.8, z: 2.2, yaw: 0, pitch: 0 }; // Of the room in the west, 160 x 160 map units.
    assert.ok(level.isFree(middle));
    assert.ok(level.isFree({ ...middle, pitch: world.pitchLimit }));
    assert.ok(!level.isFree({ ...middle, pitch: world.pitchLimit + 0.01 }));
    assert.ok(!level.isFree({ ...middle, pitch: -world.pitchLimit - 0.01 }));
    assert.ok(!level.isFree({ ...middle, x: -20 }), "outside");
    assert.ok(!level.isFree({ ...middle, z: 6 }), "between rooms");
    assert.ok(!level.isFree({ ...middle, x: -9.2 }), "at the wall");
    assert.ok(!level.isFree({ ...middle, x: Number.NaN }));
  });

  it("begins in free places of all its rooms, and is never nearer than half a unit to what is seen", async () => {
    const level = world.level(0);
    const rng = Rng.of(1, "spawn");
    const poses = Array.from({ length: 300 }, () => level.spawn(rng));
    for (const pose of poses) assert.ok(level.isFree(pose));
    for (const [x, y] of ROOMS) {
      const [roomX, roomZ] = [(x - ORIGIN.x) / MAP_UNITS, (y - ORIGIN.y) / MAP_UNITS];
      const isThere = (pose: Pose) => Math.max(Math.abs(pose.x - roomX), Math.abs(pose.z - roomZ)) < 1.6;
      assert.ok(poses.some(isThere), `the room at ${x}, ${y}`);
    }
    const depths = await level.depth(poses.map((pose) => ({ ...pose, pitch: 0 })));
    for (let i = 0; i < poses.length; i++) {
      // At the middle of the picture the depth is the distance of a wall.
      assert.ok(depths[(i * 48 + 24) * 80 + 40] > 0.49);
    }
  });

  it("is drawn from anywhere, walls too, and refuses what the engine cannot show", async () => {
    const level = world.level(0);
    const pose = { x: -9.3, z: 2.2, yaw: 900, pitch: 0 };
    assert.equal((await level.render([pose])).length, 80 * 48 * 3);
    for (const wrong of [{ x: Number.NaN }, { z: 1e9 }, { pitch: 40 * DEGREE }, { yaw: Number.POSITIVE_INFINITY }]) {
      const [name] = Object.keys(wrong);
      const refused = (error: Error) => error.message.includes(`${name} ${Object.values(wrong)[0]}`);
      await assert.rejects(async () => level.render([pose, { ...pose, ...wrong }]), refused);
      await assert.rejects(async () => level.depth([pose, { ...pose, ...wrong }]), refused);
    }
    assert.equal((await level.render([pose])).length, 80 * 48 * 3, "works after a refusal");
  });

  it("shows a difference at every step of every primitive motion", async () => {
    const level = world.level(0);
    const from = { x: -7.8, z: 2.2, yaw: 0.3, pitch: 0 };
    const { translation, yaw, pitch } = world.step;
    const there = [
      { ...from, x: from.x + translation },
      { ...from, z: from.z + translation },
    ];
    const turned = [
      { ...from, yaw: from.yaw + yaw },
      { ...from, pitch: pitch },
    ];
    const frames = await level.render([from, ...there, ...turned]);
    const size = frames.length / 5;
    for (let i = 1; i < 5; i++) {
      let changed = 0;
      for (let k = 0; k < size; k++) if (Math.abs(frames[k] - frames[i * size + k]) > 3) changed++;
      assert.ok(changed > 0.1 * size, `motion ${i} changes ${changed} of ${size} values`);
    }
  });
});
