import assert from "node:assert/strict";
import { recall, recalledPath, recalledViews } from "../../../lib/model/memory/recall.ts";
import type { PosedPicture } from "../../../lib/model/memory/splat.ts";
import { Rng } from "../../../lib/util/rng.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

const { camera, step } = courtyard;
const level = courtyard.level(3);

/** Pictures all around a place. */
async function lookAround(from: Pose): Promise<PosedPicture[]> {
  const poses = Array.from({ length: 8 }, (_, i) => ({ ...from, yaw: from.yaw + (i * Math.PI) / 4 }));
  return Promise.all(
    poses.map(async (pose) => ({ pose, picture: await level.render([pose]), depth: await level.depth([pose]) })),
  );
}

const blackShare = (picture: Uint8Array): number => {
  let black = 0;
  for (let i = 0; i < picture.length; i += 3) if (picture[i] + picture[i + 1] + picture[i + 2] === 0) black++;
  return (3 * black) / picture.length;
};

describe("what is remembered around the eye", () => {
  const pose: Pose = { ...level.spawn(Rng.of(3)), pitch: 0 };

  it("after a look around both sides are known, and are the truth to within a few grey levels", async () => {
    const views = recall(await lookAround(pose), pose, camera, step);
    for (const [i, view] of recalledViews(pose).slice(0, 2).entries()) {
      const truth = await level.render([view]);
      assert.ok(blackShare(views[i]) < 0.02, `${blackShare(views[i])}`);
      const difference = views[i].reduce((sum, byte, k) => sum + Math.abs(byte - truth[k]), 0) / truth.length;
      assert.ok(difference < 6, `${difference}`);
    }
  });

  it("from one picture a part of each side is known, and nothing where nothing was seen", async () => {
    const [first] = await lookAround(pose);
    const shares = recall([first], pose, camera, step).map(blackShare);
    for (const share of shares) assert.ok(share > 0.2 && share < 0.95, `${shares}`);
    const behind = { ...pose, yaw: pose.yaw + Math.PI };
    assert.ok(
      recall([first], behind, camera, step)
        .slice(0, 2)
        .every((view) => blackShare(view) === 1),
    );
  });

  it("stands still at each view", () => {
    for (const { start, view, end } of recalledPath(pose)) assert.ok(start === view && view === end);
  });
});
