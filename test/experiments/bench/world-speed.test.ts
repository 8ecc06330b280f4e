import assert from "node:assert/strict";
import { measureSpeeds } from "../../../lib/experiments/bench/world-speed.ts";
import type { World } from "../../../lib/world/world.ts";

/** Counts what it is asked for, and draws nothing. */
function counting(): { world: World; asked: { pictures: number; depths: number } } {
  const asked = { pictures: 0, depths: 0 };
  const world: World = {
    name: "nowhere",
    camera: { width: 2, height: 2, focal: 1, pitch: "turns" },
    step: { translation: 1, yaw: 1, pitch: 1 },
    pitchLimit: 1,
    level: (seed) => ({
      seed,
      isFree: () => true,
      spawn: () => ({ x: 0, z: 0, yaw: 0, pitch: 0 }),
      render: async ({ length }) => {
        asked.pictures += length;
        return new Uint8Array(12 * length);
      },
      depth: async ({ length }) => {
        asked.depths += length;
        return new Float32Array(4 * length);
      },
    }),
    close: async () => {},
  };
  return { world, asked };
}

describe("the speed of a world", () => {
  it("is measured on trajectories that every opened world draws whole", async () => {
    const both = [counting(), counting()];
    const speeds = await measureSpeeds(
      both.map(({ world }) => world),
      3,
    );
    for (const { asked } of both) assert.deepEqual(asked, { pictures: 2 * 3 * 157, depths: 3 * 157 });
    for (const speed of Object.values(speeds)) assert.ok(speed > 0);
  });
});
