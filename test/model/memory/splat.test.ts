import assert from "node:assert/strict";
import fc from "fast-check";
import { boundedPsnr } from "../../../lib/metrics/image.ts";
import { type PosedPicture, splat } from "../../../lib/model/memory/splat.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { directionOf, projector } from "../../../lib/world/axes.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { moved } from "../../../lib/world/motion.ts";
import type { CameraModel } from "../../../lib/world/world.ts";

const { camera, step } = courtyard;

async function pictureFrom(seed: number, pose: Pose): Promise<PosedPicture> {
  const level = courtyard.level(seed);
  return { picture: await level.render([pose]), depth: await level.depth([pose]), pose };
}

/** PSNR of what is visible against the truth, and the share that is visible. */
async function likeness(seed: number, pictures: PosedPicture[], pose: Pose): Promise<[psnr: number, share: number]> {
  const [truth, { picture, visible }] = [await courtyard.level(seed).render([pose]), splat(pictures, pose, camera)];
  const pick = (from: Uint8Array): Uint8Array => from.filter((_, i) => visible[Math.floor(i / 3)] === 1);
  return [boundedPsnr(pick(picture), pick(truth)), visible.reduce((a, b) => a + b, 0) / visible.length];
}

describe("points of visible pictures", () => {
  it("projector is the inverse of directionOf, for cameras that turn and that shear", () => {
    const angle = fc.double({ min: -0.3, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(
        angle,
        angle,
        angle,
        angle,
        fc.constantFrom("turns" as const, "shears" as const),
        (yaw, pitch, a, b, how) => {
          const model: CameraModel = { ...camera, pitch: how };
          const [dx, dy, dz] = directionOf(model, { yaw, pitch }, 100 * a, 60 * b);
          const seen = projector(model, { yaw, pitch })(3 * dx, 3 * dy, 3 * dz, { across: 0, down: 0, depth: 0 });
          assert.ok(Math.abs(seen.across - 100 * a) + Math.abs(seen.down - 60 * b) + Math.abs(seen.depth - 3) < 1e-9);
        },
      ),
    );
  });

  it("from its own pose a picture is itself", async () => {
    const pose = courtyard.level(5).spawn(Rng.of(5));
    const own = await pictureFrom(5, pose);
    const { picture, visible } = splat([own], pose, camera);
    assert.ok(visible.every((k) => k === 1));
    assert.deepEqual(picture, own.picture);
  });

  it("from a pose some steps away it shows the truth where it is visible", async () => {
    const scores: [number, number][] = [];
    for (let seed = 0; seed < 8; seed++) {
      const pose = courtyard.level(seed).spawn(Rng.of("pose", seed));
      let there = pose;
      for (let i = 0; i < 4; i++) there = moved(there, [9, 2, 27, 1][seed % 4], step);
      scores.push(await likeness(seed, [await pictureFrom(seed, pose)], there));
    }
    const [psnr, share] = [0, 1].map((k) => scores.reduce((sum, score) => sum + score[k], 0) / scores.length);
    // Hard edges resampled: some 26 dB; a latent's turn of 8 degrees takes a tenth of the picture out of view.
    assert.ok(psnr > 24 && share > 0.85, `${psnr} dB of ${share}`);
  });

  it("a second picture fills what the first does not show, and the first is believed where both do", async () => {
    const pose = courtyard.level(1).spawn(Rng.of(1));
    const aside = { ...pose, yaw: pose.yaw + 0.8 };
    const [one, other] = [await pictureFrom(1, pose), await pictureFrom(1, aside)];
    const between = { ...pose, yaw: pose.yaw + 0.4 };
    const share = (pictures: PosedPicture[]): number =>
      splat(pictures, between, camera).visible.reduce((a, b) => a + b, 0) / (camera.width * camera.height);
    assert.ok(share([one]) < 0.9 && share([one, other]) > 0.95, `${share([one])}, ${share([one, other])}`);
    const dark = { ...other, picture: new Uint8Array(other.picture.length) };
    const [alone, both] = [splat([one], between, camera), splat([one, dark], between, camera)];
    const shownByFirst = [...alone.visible.keys()].filter((i) => alone.visible[i] === 1);
    const darkened = shownByFirst.filter((i) => both.picture[3 * i] < alone.picture[3 * i] / 2);
    // At edges of what stands in front the two pictures' pixels lie at slightly other depths.
    assert.ok(darkened.length < 0.01 * shownByFirst.length, `${darkened.length} of ${shownByFirst.length}`);
  });

  it("what is hidden behind something nearer is not visible from there", async () => {
    const flat = (depth: number, grey: number, pose: Pose): PosedPicture => ({
      picture: new Uint8Array(3 * camera.width * camera.height).fill(grey),
      depth: new Float32Array(camera.width * camera.height).fill(depth),
      pose,
    });
    const pose = { x: 0, z: 0, yaw: 0, pitch: 0 };
    // A near wall in one picture, and what lies behind it in another: the near one is seen.
    const { picture } = splat([flat(6, 200, pose), flat(3, 50, pose)], pose, camera);
    assert.equal(picture[3 * (24 * 80 + 40)], 50);
  });
});
