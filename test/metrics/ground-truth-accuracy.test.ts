import assert from "node:assert/strict";
import fc from "fast-check";
import { explainVideo, groundTruthAccuracy, type KnownWorld } from "../../lib/metrics/ground-truth-accuracy.ts";
import { drawSpoil } from "../../lib/training/preference/corrupt.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { FRAME_BYTES, pathOf, sceneSeed } from "../../lib/world/index.ts";
import { type Kind, makeScene, planTrajectory, renderPath } from "../../lib/world/plane/index.ts";

function worldOf(seed: number, kind: Kind, latents: number): KnownWorld {
  const scene = sceneSeed("validation", seed);
  const { commanded, poses } = planTrajectory({ scene, latents, kind, rng: Rng.of(seed, "ground truth") });
  return { sceneSeed: scene, actions: commanded, poses };
}

const videoOf = ({ sceneSeed: scene, poses }: KnownWorld): Uint8Array => renderPath(makeScene(scene), poses);
const frameOf = (video: Uint8Array, i: number): Uint8Array => video.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);
const seeds = fc.integer({ min: 0, max: 10_000 });

describe("accuracy under ground truth", function () {
  this.timeout(120_000);

  it("recognises the actions of true renders", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom<Kind>("basic", "combined"), (seed, kind) => {
        const world = worldOf(seed, kind, 5);
        assert.deepEqual([...explainVideo(videoOf(world), world).actions], [...world.actions.subarray(1)]);
      }),
      { numRuns: 6 },
    );
  });

  it("recognises a true render of other actions as those actions", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [world, other] = [worldOf(seed, "basic", 4), worldOf(seed, "combined", 4)];
        const poses = pathOf(world.poses[0], other.actions);
        const shown = explainVideo(videoOf({ ...world, poses }), world);
        assert.deepEqual([...shown.actions], [...other.actions.subarray(1)]);
        assert.ok(Math.hypot(shown.poses[3].x - poses[12].x, shown.poses[3].z - poses[12].z) < 1e-9);
      }),
      { numRuns: 4 },
    );
  });

  it("sees no action in a frozen video", () => {
    const world = worldOf(7, "combined", 4);
    const first = frameOf(videoOf(world), 0);
    const frozen = new Uint8Array(13 * FRAME_BYTES);
    for (let i = 0; i < 13; i++) frozen.set(first, i * FRAME_BYTES);
    const { actions, residuals } = explainVideo(frozen, world);
    assert.deepEqual([...actions], [0, 0, 0]);
    assert.ok(residuals.every((r) => r === 0));
    assert.equal(groundTruthAccuracy(frozen, world).exact, 0);
  });

  it("looks through blur and tint, which leave a residual", () => {
    const world = worldOf(3, "combined", 4);
    const video = videoOf(world);
    const spoils = [drawSpoil("blur", Rng.of(1)), drawSpoil("colour", Rng.of(1))];
    const spoiled = video.slice();
    for (let i = 1; i < 13; i++) {
      const picture = spoils.reduce((p, spoil) => spoil(p, 0.3), frameOf(video, i));
      spoiled.set(picture, i * FRAME_BYTES);
    }
    const { actions, residuals } = explainVideo(spoiled, world);
    assert.deepEqual([...actions], [...world.actions.subarray(1)]);
    assert.ok(residuals.every((r) => r > 0));
    assert.equal(groundTruthAccuracy(spoiled, world).exact, 1);
  });

  it("judges the beginning of a longer path", () => {
    const world = worldOf(5, "basic", 6);
    const { steps, exact } = groundTruthAccuracy(videoOf(world).subarray(0, 9 * FRAME_BYTES), world);
    assert.deepEqual([steps, exact], [8, 1]);
  });

  it("refuses videos that are no whole latents, or longer than the path", () => {
    const world = worldOf(5, "basic", 2);
    for (const frames of [1, 4, 9])
      assert.throws(() => explainVideo(new Uint8Array(frames * FRAME_BYTES), world), UserError);
  });
});
