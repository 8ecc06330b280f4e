import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureVideos, psnrToTruth, trueAccuracy, trueVideos } from "../../lib/evaluation/measure.ts";
import { promptsOf } from "../../lib/rollout/prompt.ts";
import { joinBytes } from "../../lib/util/arrays.ts";
import { Rng } from "../../lib/util/rng.ts";
import { directionOf } from "../../lib/world/axes.ts";
import { makeDataset } from "../../lib/world/dataset/make.ts";
import { openDataset } from "../../lib/world/dataset/read.ts";
import type { Level, World } from "../../lib/world/world.ts";

/** A world of one's own, in one file: a dome painted in patches, seen from anywhere in a small square. */
const camera = { width: 80, height: 48, focal: 40, pitch: "turns" as const };

function level(seed: number): Level {
  const paint = (i: number, j: number): number => Rng.of(seed, "patch", i, j).int(256);
  return {
    seed,
    isFree: ({ x, z, pitch }) => Math.max(Math.abs(x), Math.abs(z)) < 20 && Math.abs(pitch) < 0.35,
    spawn: (rng) => ({ x: rng.uniform(-5, 5), z: rng.uniform(-5, 5), yaw: rng.uniform(-3, 3), pitch: 0 }),
    render: async (poses) =>
      Uint8Array.from(
        poses.flatMap((pose) =>
          Array.from({ length: 80 * 48 }, (_, p) => {
            const [dx, dy, dz] = directionOf(camera, pose, (p % 80) - 39.5, Math.floor(p / 80) - 23.5);
            // A ceiling and a floor at one unit, so that steps show.
            const reach = 1 / Math.max(0.05, Math.abs(dy));
            const grey = paint(
              Math.floor(2 * (pose.x + reach * dx)),
              Math.floor(2 * (pose.z + reach * dz)) + (dy > 0 ? 1000 : 0),
            );
            return [grey, 255 - grey, dy > 0 ? 200 : 40];
          }).flat(),
        ),
      ),
    depth: async (poses) => new Float32Array(poses.length * 80 * 48).fill(1),
  };
}

const dome: World = {
  name: "dome",
  camera,
  step: { translation: 0.1, yaw: 0.035, pitch: 0.02 },
  pitchLimit: 0.35,
  level,
  close: async () => {},
};

describe("a world of one's own", () => {
  it("makes data sets, prompts and truth, and is measured against, without a change to lib", async () => {
    const dir = mkdtempSync(join(tmpdir(), "dome-"));
    try {
      await makeDataset({ world: dome, dir, split: "validation", trajectories: 2, latents: 3, seed: 0 });
      const dataset = await openDataset(dir);
      assert.equal(dataset.manifest.description.world.name, "dome");
      assert.equal(dataset.frames(1).length, 9 * 80 * 48 * 3);
    } finally {
      rmSync(dir, { recursive: true });
    }
    const prompts = await promptsOf(dome, "evaluation", "basic", 1, 1);
    const truths = await trueVideos(prompts);
    const about = { world: "dome", model: "truth", trainingSeed: 0, samplingSeed: 0, actions: "basic" };
    const measure = async (video: Uint8Array): Promise<number[][]> =>
      (
        await measureVideos(about, [{ video, truth: truths[0], prompt: prompts[0] }], [trueAccuracy, psnrToTruth], [5])
      ).map(({ values }) => values);
    assert.deepEqual(await measure(truths[0]), [[100], [60]]);
    const [[accuracy]] = await measure(joinBytes(prompts[0].poses.map(() => prompts[0].start.frame)));
    assert.equal(accuracy, 0);
  });
});
