import assert from "node:assert/strict";
import { type CarriedClip, carry } from "../../../lib/model/legacy/carry.ts";
import { LATENT_CELLS } from "../../../lib/model/legacy/config.ts";
import { REPEAT } from "../../../lib/model/legacy/continued.ts";
import { mean } from "../../../lib/util/statistics.ts";
import { actionOf, FRAME_BYTES, HEIGHT, type Pose, sceneSeed, WIDTH } from "../../../lib/world/index.ts";
import { makeScene, renderEmpty } from "../../../lib/world/plane/index.ts";
import { ALL, cellOf, framesOf, held, open, still } from "./carried-frames.ts";

const SCENES = [0, 1, 2, 3, 4, 5].map((i) => sceneSeed("pretrain", i));
const HERE: Pose = { x: 3, z: -5, yaw: 1, pitch: 0.05 };
const turned = (pose: Pose, yaw: number): Pose => ({ ...pose, yaw: pose.yaw + yaw });

/** First pixel of the rows that surely show ground, the horizon being at the middle of a level picture. */
const GROUND = (HEIGHT / 2 + 4) * WIDTH;

/** Mean absolute difference of two pictures, 0..255, over the pixels from `from` to before `to`. */
function difference(a: Uint8Array, b: Uint8Array, from = 0, to = HEIGHT * WIDTH): number {
  let sum = 0;
  for (let i = 3 * from; i < 3 * to; i++) sum += Math.abs(a[i] - b[i]);
  return sum / (3 * (to - from));
}

const psnrBelow = (a: Uint8Array, b: Uint8Array): number => {
  let squares = 0;
  for (let i = 3 * GROUND; i < FRAME_BYTES; i++) squares += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((255 * 255 * (FRAME_BYTES - 3 * GROUND)) / squares);
};

const lastFrame = (clip: CarriedClip): Uint8Array => framesOf(clip)[15];

describe("what no picture shows", () => {
  it("has a ground that repeats as measured over training scenes, and at no smaller shift", () => {
    const level: Pose = { x: 0.4, z: 0.7, yaw: 0.3, pitch: -0.1 };
    /** Difference of ground pictures taken that many halves of the repeat apart. */
    const unlike = (i: number, k: number): number =>
      mean(
        SCENES.map((seed) => {
          const scene = makeScene(seed);
          const moved = { ...level, x: level.x + (i * REPEAT) / 2, z: level.z + (k * REPEAT) / 2 };
          return difference(renderEmpty(scene, level), renderEmpty(scene, moved), GROUND);
        }),
      );
    const repeats: number[] = [];
    const others: number[] = [];
    for (let i = -4; i <= 4; i++)
      for (let k = -4; k <= 4; k++) {
        if (i === 0 && k === 0) continue;
        const whole = i % 2 === 0 && k % 2 === 0 && (i / 2 + k / 2) % 2 === 0;
        (whole ? repeats : others).push(unlike(i, k));
      }
    // Marks on the ground do not repeat: what is left of the difference.
    const [worst, best] = [Math.max(...repeats), Math.min(...others)];
    assert.ok(worst < 0.6 * best, `repeats differ by up to ${worst}, other shifts by ${best} or more`);
  });

  it("is ground nearer to the true one than the nearest colours are", () => {
    for (const seed of SCENES) {
      const scene = makeScene(seed);
      const sights = [open(renderEmpty(scene, HERE), HERE)];
      for (const yaw of [1.6, -1.6, Math.PI]) {
        const there = turned(HERE, yaw);
        const truth = renderEmpty(scene, there);
        const [made, guessed] = [true, false].map((continued) => lastFrame(carry(still(there), sights, continued)));
        const [gained, plain] = [psnrBelow(made, truth), psnrBelow(guessed, truth)];
        assert.ok(gained > plain + 2, `scene ${seed}, turned by ${yaw}: ${gained} dB, guessed ${plain} dB`);
      }
    }
  });

  it("counts as known, wherever the camera turns", () => {
    const sights = [open(renderEmpty(makeScene(SCENES[0]), HERE), HERE)];
    for (const yaw of [0.7, 1.6, Math.PI]) {
      const known = (continued: boolean): number =>
        mean(carry(still(turned(HERE, yaw)), sights, continued).known.subarray(0, LATENT_CELLS));
      assert.ok(known(true) > 0.9 && known(true) > known(false) + 0.2, `${yaw}: ${known(true)}, ${known(false)}`);
    }
  });

  it("does not change what a picture shows from near enough", () => {
    const sights = [open(renderEmpty(makeScene(SCENES[1]), HERE), HERE)];
    for (const path of [still(HERE), held(HERE, actionOf(0, 2))]) {
      const [made, plain] = [true, false].map((continued) => carry(path, sights, continued));
      const [frames, others] = [framesOf(made), framesOf(plain)];
      frames.forEach((frame, i) => {
        for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
          if (plain.known[Math.floor(i / 4) * LATENT_CELLS + cellOf(pixel)] < ALL) continue;
          assert.equal(frame[3 * pixel], others[i][3 * pixel]);
        }
      });
    }
  });

  it("is a panorama that is mirrored at the picture's edges and closes", () => {
    const level = { ...HERE, pitch: 0 };
    const picture = renderEmpty(makeScene(SCENES[2]), level);
    const sky = (yaw: number): Uint8Array => lastFrame(carry(still(turned(level, yaw)), [open(picture, level)]));
    const above = (HEIGHT / 2 - 4) * WIDTH;
    const behind = sky(Math.PI);
    // Half a turn is two mirrorings: the picture itself, a little stretched since its margins are not used.
    assert.ok(difference(behind, picture, 0, above) < 12, `${difference(behind, picture, 0, above)}`);
    assert.ok(difference(sky(Math.PI - 0.01), sky(Math.PI + 0.01), 0, above) < 4);
  });

  it("looks the same whenever it is looked at: a place that was continued is carried on unchanged", () => {
    const scene = makeScene(SCENES[3]);
    const given = open(renderEmpty(scene, HERE), HERE);
    const away = turned(HERE, 1.6);
    const first = lastFrame(carry(still(away), [given]));
    const again = lastFrame(carry(still(away), [given, open(first, away)]));
    assert.ok(difference(first, again) < 1, `${difference(first, again)}`);
  });
});
