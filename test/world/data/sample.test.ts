import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { dataCard } from "../../../lib/world/data/card.ts";
import { openDataset, SAMPLE } from "../../../lib/world/data/index.ts";
import { makeScene, renderPath } from "../../../lib/world/plane/index.ts";

describe("the committed sample", () => {
  it("is what this code renders", async () => {
    const sample = await openDataset(SAMPLE.dir);
    assert.equal(sample.trajectories, SAMPLE.trajectories);
    for (let i = 0; i < sample.trajectories; i++) {
      const { sceneSeed, poses, frames } = sample.read(i);
      const path = Array.from({ length: poses.length / 4 }, (_, f) => {
        const [x, z, yaw, pitch] = poses.subarray(4 * f, 4 * f + 4);
        return { x, z, yaw, pitch };
      });
      const today = renderPath(makeScene(sceneSeed), path);
      assert.equal(frames.length, today.length);
      // Sines may differ in their last bit between versions of V8, and with them the rounding of a channel.
      const off = frames.filter((value, at) => value !== today[at]).length;
      assert.ok(off <= 1e-4 * frames.length, `${off} of ${frames.length} channels differ`);
    }
  });

  it("is at most 400 kB", () => {
    const sizes = readdirSync(SAMPLE.dir).map((name) => statSync(join(SAMPLE.dir, name)).size);
    assert.ok(sizes.reduce((a, b) => a + b, 0) <= 400_000);
  });

  it("and its card has today's numbers (`npm run data:card` writes it)", async function () {
    this.timeout(20_000);
    const { manifest } = await openDataset(SAMPLE.dir);
    assert.equal(readFileSync("data/README.md", "utf8"), dataCard(manifest));
  });
});
