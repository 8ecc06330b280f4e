import assert from "node:assert/strict";
import { Rng } from "../../../lib/util/rng.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { moved } from "../../../lib/world/motion.ts";
import { openWorld } from "../../../lib/world/registry.ts";
import type { World } from "../../../lib/world/world.ts";
import { cornerEdges, type Drawn, floorEdges, sharpestShift } from "./align.ts";
import { installedOrSkipped } from "./installed.ts";
import { warpError } from "./warp.ts";

const DEGREE = Math.PI / 180;
const EYE = 0.8;
/** Of the picture's columns: another focal length would shift the outer ones apart. */
const THIRDS = [
  [0, 25],
  [25, 55],
  [55, 80],
];
/**
 * Pixels. Found: corners within 0.04; the floor's edges 0.02 to 0.16 too high, half of that because the engine looks through
 * the upper edge of its own pixels, an eighth of ours.
 */
const CLOSE = 0.2;

describe("the camera model of doom", () => {
  let world: World;
  before(async function () {
    await installedOrSkipped(this);
    world = await openWorld("doom");
  });
  after(() => world?.close());

  async function draw(poses: readonly Pose[]): Promise<Drawn[]> {
    const { camera } = world;
    const level = world.level(0);
    const [frames, depths] = await Promise.all([level.render(poses), level.depth(poses)]);
    const pixels = camera.width * camera.height;
    return poses.map((pose, i) => ({
      camera,
      pose,
      frame: frames.subarray(3 * i * pixels, 3 * (i + 1) * pixels),
      depth: depths.subarray(i * pixels, (i + 1) * pixels),
    }));
  }
  const spawns = (count: number, name: string): Pose[] => {
    const rng = Rng.of(0, name);
    return Array.from({ length: count }, () => world.level(0).spawn(rng));
  };

  for (const pitch of [-20, 0, 12]) {
    it(`puts walls and floor where the engine draws them, at a pitch of ${pitch} degrees`, async () => {
      const drawn = await draw(spawns(100, "align").map((pose) => ({ ...pose, pitch: pitch * DEGREE })));
      const edges = { corners: drawn.map(cornerEdges), floor: drawn.map((one) => floorEdges(one, EYE)) };
      for (const [name, points] of Object.entries(edges))
        for (const [from, to] of THIRDS) {
          const within = points.map((all) => all.filter(({ column }) => column >= from && column < to));
          const shift = sharpestShift(drawn.map((one, i) => ({ drawn: one, points: within[i] })));
          assert.ok(Math.abs(shift) < CLOSE, `${name}, columns ${from} to ${to}: ${shift} pixels`);
        }
    });
  }

  it("would not pass for another height of the eye or another focal length", async () => {
    const drawn = await draw(spawns(100, "align").map((pose) => ({ ...pose, pitch: 0 })));
    const shiftOf = (eye: number, focal: number): number =>
      sharpestShift(
        drawn.map((one) => ({
          drawn: one,
          points: floorEdges({ ...one, camera: { ...one.camera, focal } }, eye),
        })),
      );
    assert.ok(Math.abs(shiftOf(EYE, 40)) < CLOSE);
    assert.ok(shiftOf(1.05 * EYE, 40) < -2 * CLOSE);
    assert.ok(shiftOf(EYE, 38) > 2 * CLOSE);
  });

  it("has exact depths: a picture warped by them is the picture of a neighbouring pose", async () => {
    const pairs: [string, (pose: Pose) => Pose][] = [
      ["forward", (pose) => moved(pose, 9, world.step)],
      ["left", (pose) => moved(pose, 27, world.step)],
      ["turned", (pose) => moved(pose, 2, world.step)],
      ["looking up", (pose) => moved(pose, 3, world.step)],
    ];
    const from = spawns(12, "warp").map((pose) => ({ ...pose, pitch: pose.pitch / 2 }));
    const here = await draw(from);
    const mean = (there: readonly Drawn[], claimed: readonly Pose[]): number => {
      const errors = there.map((target, i) => warpError(here[i], target, claimed[i]));
      return errors.reduce((all, { sum }) => all + sum, 0) / errors.reduce((all, { count }) => all + count, 0);
    };
    for (const [name, move] of pairs) {
      const there = await draw(from.map(move));
      const [still, warped] = [mean(there, from), mean(there, from.map(move))];
      assert.ok(warped < 0.5 * still, `${name}: ${warped} of ${still}`);
    }
  });
});
