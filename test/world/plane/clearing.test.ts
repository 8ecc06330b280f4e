import assert from "node:assert/strict";
import { Rng } from "../../../lib/util/rng.ts";
import { clearedFor, isFree, makeScene, planTrajectory, solidsNear } from "../../../lib/world/plane/index.ts";

describe("a scene cleared for a path", () => {
  const paths = [0, 1, 2].map((i) => planTrajectory({ scene: i, latents: 96, kind: "basic", rng: Rng.of("path", i) }));

  it("lets the path pass, and has lost only what stood in its way", () => {
    let blockedBefore = 0;
    for (const { poses } of paths) {
      const other = makeScene(77);
      if (!isFree(other, poses)) blockedBefore++;
      const cleared = clearedFor(other, poses);
      assert.ok(isFree(cleared, poses));
      const [before, after] = [other, cleared].map((scene) => solidsNear(scene, poses[0].x, poses[0].z, 40));
      const gone = before.filter((solid) => !after.some((kept) => kept.x === solid.x && kept.z === solid.z));
      assert.equal(after.length, before.length - gone.length);
      for (const { x, z, footprint } of gone) {
        assert.ok(poses.some((pose) => Math.hypot(pose.x - x, pose.z - z) < footprint + 1));
      }
    }
    assert.ok(blockedBefore > 0, "no path was blocked: nothing is tested");
  });

  it("loses nothing on a path of its own, and leaves the given scene as it is", () => {
    const [{ poses }] = paths;
    const scene = makeScene(0);
    const all = solidsNear(scene, 0, 0, 30);
    assert.deepEqual(solidsNear(clearedFor(scene, poses), 0, 0, 30), all);
    clearedFor(scene, planTrajectory({ scene: 1, latents: 96, kind: "basic", rng: Rng.of("path", 1) }).poses);
    assert.deepEqual(solidsNear(scene, 0, 0, 30), all);
  });
});
