import assert from "node:assert/strict";
import fc from "fast-check";
import { commandedPath, type LatentPath } from "../../../lib/model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "../../../lib/model/legacy/config.ts";
import {
  contextOf,
  MEMORY_DEFAULTS,
  recall,
  rememberable,
  retrieve,
  viewOverlap,
} from "../../../lib/model/legacy/memory.ts";
import { actionOf, type Pose } from "../../../lib/world/index.ts";
import { randomVideo } from "./small.ts";

const finite = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const pose: fc.Arbitrary<Pose> = fc.record({ x: finite(5), z: finite(5), yaw: finite(10), pitch: finite(0.35) });

/** The pose as seen after the world was turned by `yaw` about the origin and moved. */
const moved = ({ x, z, yaw, pitch }: Pose, turn: number, dx: number, dz: number): Pose => {
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  return { x: x * cos + z * sin + dx, z: z * cos - x * sin + dz, yaw: yaw + turn, pitch };
};

describe("viewOverlap", () => {
  it("is a share, and whole for equal views", () => {
    fc.assert(
      fc.property(pose, pose, (a, b) => {
        const overlap = viewOverlap(a, b);
        assert.ok(overlap >= 0 && overlap <= 1);
        assert.equal(viewOverlap(a, a), 1);
        assert.equal(viewOverlap(a, { ...a, yaw: a.yaw + 2 * Math.PI }), 1);
      }),
    );
  });

  it("does not depend on where the world's origin is", () => {
    // A point may fall on the other side of a field of view's edge by rounding: at most one of 28.
    fc.assert(
      fc.property(pose, pose, finite(3), finite(50), finite(50), (a, b, turn, dx, dz) => {
        const there = viewOverlap(moved(a, turn, dx, dz), moved(b, turn, dx, dz));
        assert.ok(Math.abs(there - viewOverlap(a, b)) <= 1 / 28 + 1e-9);
      }),
    );
  });

  it("is none for cameras back to back, far apart, or at unlike pitches", () => {
    fc.assert(
      fc.property(pose, (a) => {
        assert.equal(viewOverlap(a, { ...a, yaw: a.yaw + Math.PI }), 0);
        assert.equal(viewOverlap(a, { ...a, x: a.x + 12 }), 0);
        assert.equal(viewOverlap(a, { ...a, pitch: a.pitch + 0.6 }), 0);
      }),
    );
  });

  it("falls as the camera turns away", () => {
    const origin = { x: 0, z: 0, yaw: 0, pitch: 0 };
    const overlaps = [0, 15, 30, 45, 60, 75, 90].map((d) =>
      viewOverlap(origin, { ...origin, yaw: (d * Math.PI) / 180 }),
    );
    for (let i = 1; i < overlaps.length; i++) assert.ok(overlaps[i] <= overlaps[i - 1]);
    assert.ok(overlaps[0] === 1 && overlaps[3] > 0.3 && overlaps[3] < 0.8 && overlaps[6] === 0);
  });
});

/** A camera that turns right in place, 32 degrees a clip: clip 11 faces where clip 0 did. */
function turning(clips: number): LatentPath[][] {
  const paths: LatentPath[][] = [];
  const right = actionOf(0, 2);
  for (let n = 0; n < clips; n++) {
    const start = paths.at(-1)?.[3].end ?? { x: 0, z: 0, yaw: 0, pitch: 0 };
    paths.push(commandedPath(start, [right, right, right, right], n === 0));
  }
  return paths;
}

describe("retrieve", () => {
  it("finds the clip that looked where the target will look", () => {
    const paths = turning(14);
    const degrees = (n: number): number => (paths[n][3].view.yaw * 180) / Math.PI;
    const found = retrieve(paths[13], paths, [1, 2, 3, 4, 5, 6, 7, 8, 9]) as number;
    assert.ok(Math.abs(degrees(13) - 360 - degrees(found)) < 32, `clip ${found}`);
  });

  it("takes the earliest of equals, and nothing from nothing", () => {
    const still = turning(1)[0].map(({ start }) => ({ start, view: start, end: start }));
    assert.equal(retrieve(still, [still, still, still], [2, 1]), 2);
    assert.equal(retrieve(still, [still], []), undefined);
  });
});

describe("recall", () => {
  const goal: Pose = { x: 0, z: 0, yaw: 0, pitch: 0 };
  const at = (name: string, x: number, yaw = 0) => ({ name, view: { ...goal, x, yaw } });

  it("takes the picture whose view overlaps most with the goal, wherever it stands in the order", () => {
    fc.assert(
      fc.property(pose, fc.array(pose, { minLength: 1, maxLength: 6 }), (wanted, views) => {
        const found = recall(
          wanted,
          views.map((view) => ({ view })),
        );
        const overlaps = views.map((view) => viewOverlap(wanted, view));
        assert.equal(viewOverlap(wanted, (found as { view: Pose }).view), Math.max(...overlaps));
      }),
    );
  });

  it("of equals takes the nearest, of those the oldest", () => {
    // Turned round, none of them sees anything of the goal's view.
    const [far, near, across] = [at("far", 3, Math.PI), at("near", 2, Math.PI), at("across", -2, Math.PI)];
    for (const { view } of [far, near, across]) assert.equal(viewOverlap(goal, view), 0);
    assert.equal(recall(goal, [far, near, across]), near);
    assert.equal(recall(goal, [far, across, near]), across);
    assert.equal(recall(goal, [at("itself", 0), at("again", 0)])?.name, "itself");
  });

  it("prefers a better view far away to a worse one at hand", () => {
    const [beside, turned] = [at("beside", 0.5), at("turned", 0, 1)];
    assert.equal(recall(goal, [turned, beside]), beside);
  });

  it("finds nothing in nothing", () => assert.equal(recall(goal, []), undefined));
});

describe("rememberable", () => {
  const { paths, tokens } = randomVideo(8, "rememberable");
  const LATENT = CLIP_SIZE / CLIP_LATENTS;
  const of = (n: number, options = MEMORY_DEFAULTS) =>
    rememberable(contextOf(n, paths, options), paths, (clip) => tokens[clip]);

  it("is every latent of the context but the last one before the target, in order", () => {
    for (let n = 1; n < 8; n++) {
      const { slots } = contextOf(n, paths, MEMORY_DEFAULTS);
      const expected = slots.flatMap(({ clip, time }) =>
        paths[clip].map(({ view, end }, latent) => {
          const own = tokens[clip].subarray(latent * LATENT, (latent + 1) * LATENT);
          return { tokens: own, view, end, time: time + latent };
        }),
      );
      assert.deepEqual(of(n), expected.slice(0, -1));
      assert.equal(slots.at(-1)?.clip, n - 1);
    }
  });

  it("has the times of the context: consecutive ones, or without reframing the true ones", () => {
    assert.deepEqual(
      of(7).map(({ time }) => time),
      Array.from({ length: 19 }, (_, i) => i),
    );
    for (const { time, tokens: own } of of(7, { retrieval: true, reframing: false })) {
      assert.equal(
        own.byteOffset,
        tokens[Math.floor(time / CLIP_LATENTS)].byteOffset + (time % CLIP_LATENTS) * LATENT * 4,
      );
    }
  });

  it("is nothing for a video's first clip", () => assert.deepEqual(of(0), []));
});

describe("contextOf", () => {
  const { paths } = randomVideo(20, "memory");
  const clipsOf = (n: number, options = MEMORY_DEFAULTS): number[] =>
    contextOf(n, paths.slice(0, n + 1), options).slots.map(({ clip }) => clip);

  it("is everything at first, then the first clip, a retrieved one and the three before", () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((n) => clipsOf(n)),
      [[], [0], [0, 1], [0, 1, 2], [0, 1, 2, 3]],
    );
    for (let n = 5; n < 20; n++) {
      const [first, retrieved, ...recent] = clipsOf(n);
      assert.equal(first, 0);
      assert.ok(retrieved >= 1 && retrieved < n - 3);
      assert.deepEqual(recent, [n - 3, n - 2, n - 1]);
    }
  });

  it("without retrieval is the first clip and the three before", () => {
    for (let n = 4; n < 20; n++) {
      assert.deepEqual(clipsOf(n, { retrieval: false, reframing: true }), [0, n - 3, n - 2, n - 1]);
    }
  });

  it("has consecutive times with reframing, true ones without", () => {
    for (let n = 0; n < 20; n++) {
      const reframed = contextOf(n, paths.slice(0, n + 1), MEMORY_DEFAULTS);
      assert.deepEqual(
        [...reframed.slots.map(({ time }) => time), reframed.time],
        Array.from({ length: reframed.slots.length + 1 }, (_, i) => 4 * i),
      );
      const { slots, time } = contextOf(n, paths.slice(0, n + 1), { retrieval: true, reframing: false });
      assert.equal(time, 4 * n);
      for (const slot of slots) assert.equal(slot.time, 4 * slot.clip);
    }
  });
});
