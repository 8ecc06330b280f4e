import assert from "node:assert/strict";
import fc from "fast-check";
import { type CarriedClip, carry as carryClip } from "../../../lib/model/legacy/carry.ts";
import type { LatentPath } from "../../../lib/model/legacy/condition.ts";
import { LATENT_CELLS } from "../../../lib/model/legacy/config.ts";
import type { Sight } from "../../../lib/model/legacy/source.ts";
import { toTokens } from "../../../lib/model/legacy/tokens.ts";
import { LATENT_SIZE, TOKENISER } from "../../../lib/model/tokeniser/config.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { actionOf, cameraAt, FRAME_BYTES, HEIGHT, type Pose, stepPose, WIDTH } from "../../../lib/world/index.ts";
import { makeScene, renderEmpty, renderFrame, solidDepths } from "../../../lib/world/plane/index.ts";
import { ALL, cellOf, FRAMES, framesOf, held, NO_SOLIDS, open, still } from "./carried-frames.ts";

/** What pictures show, and nothing that is made of it; continued.test.ts is about that. */
const carry = (path: readonly LatentPath[], sights: readonly Sight[]): CarriedClip => carryClip(path, sights, false);

const HERE: Pose = { x: 3, z: -5, yaw: 1, pitch: 0.1 };
const randomPicture = (...key: (string | number)[]): Uint8Array => {
  const rng = Rng.of("picture", ...key);
  return Uint8Array.from({ length: FRAME_BYTES }, () => rng.int(256));
};

/** PSNR of a frame in the cells that are known throughout their latent. */
function knownPsnr(clip: CarriedClip, frame: number, truth: Uint8Array): number {
  const made = framesOf(clip)[frame];
  const known = clip.known.subarray(Math.floor(frame / 4) * LATENT_CELLS);
  let [squares, count] = [0, 0];
  for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
    if (known[cellOf(pixel)] < ALL) continue;
    for (let c = 0; c < 3; c++, count++) squares += (made[3 * pixel + c] - truth[3 * pixel + c]) ** 2;
  }
  assert.ok(count > 0);
  return 10 * Math.log10((255 * 255 * count) / squares);
}

describe("carried pictures", () => {
  it("of a camera that stands still are the picture itself, all of it known", () => {
    const picture = randomPicture("still");
    const clip = carry(still(HERE), [open(picture, HERE)]);
    for (const frame of framesOf(clip)) assert.deepEqual(frame, picture);
    assert.ok(clip.known.every((share) => share > ALL && share < 2 - ALL));
  });

  it("go by cells as the tokens do", () => {
    const { latentChannels } = TOKENISER;
    const numbered = toTokens(Float32Array.from({ length: LATENT_SIZE }, (_, i) => Math.floor(i / latentChannels)));
    for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel += 7) {
      const [row, column] = [Math.floor(pixel / WIDTH / 8), Math.floor((pixel % WIDTH) / 8)];
      assert.equal(numbered[cellOf(pixel) * latentChannels], row * TOKENISER.latentWidth + column);
    }
  });

  /** How a frame's camera would find the picture from `start`, carried and as it was. */
  function agreement(seed: number, action: number): { frame: number; carried: number; uncarried: number }[] {
    const scene = makeScene(seed);
    const start = { x: seed, z: 2 * seed, yaw: seed, pitch: 0.02 * seed };
    const sights = [open(renderEmpty(scene, start), start)];
    const [moved, unmoved] = [held(start, action), still(start)].map((path) => carry(path, sights));
    let pose: Pose = start;
    return Array.from({ length: FRAMES }, (_, i) => {
      pose = stepPose(pose, action);
      const truth = renderEmpty(scene, pose);
      const [carried, uncarried] = [moved, unmoved].map((some) => knownPsnr(some, i, truth));
      return { frame: i + 1, carried, uncarried };
    });
  }

  const MOTIONS: [string, number][] = [
    ["forward", actionOf(1, 0)],
    ["backward", actionOf(2, 0)],
    ["sideways", actionOf(3, 0)],
    ["turning", actionOf(0, 2)],
    ["looking up", actionOf(0, 3)],
    ["all of it", actionOf(5, 5)],
  ];
  for (const [name, action] of MOTIONS) {
    it(`where they are known are the true ones of a place without solids: ${name}`, () => {
      for (const seed of [1, 2, 3]) {
        for (const { frame, carried, uncarried } of agreement(seed, action)) {
          const what = `scene ${seed}, frame ${frame}: ${carried} dB, uncarried ${uncarried} dB`;
          // What was far and small comes near and is blurred, so that moving forward for long is the hardest.
          assert.ok(carried > (frame === 1 ? 35 : 20) && carried > uncarried + 2, what);
        }
      }
    });
  }

  it("of solids are nearly the true ones too, where depths are true", () => {
    for (const seed of [4, 5, 6]) {
      const scene = makeScene(seed);
      const start = { x: seed, z: 2 * seed, yaw: seed, pitch: 0 };
      const picture = renderFrame(scene, start);
      const depths = solidDepths(scene, cameraAt(start));
      for (const action of [actionOf(1, 0), actionOf(3, 0), actionOf(5, 2)]) {
        const path = held(start, action);
        const truth = renderFrame(scene, path[1].end);
        const [solid, flat] = [depths, NO_SOLIDS].map((own) =>
          knownPsnr(carry(path, [{ picture, pose: start, depths: own }]), 7, truth),
        );
        assert.ok(solid > 23 && solid > flat, `scene ${seed}, action ${action}: ${solid} dB, flat ${flat} dB`);
      }
    }
  });

  it("move near solids more than far ones, and show the nearer where they meet", () => {
    const level = { ...HERE, pitch: 0 };
    const middle = (HEIGHT / 2) * WIDTH + WIDTH / 2;
    /** Columns of two solids of one pixel, one at depth 2 in the middle and one at depth 1, after a step to the right. */
    const columnsAfter = (column: number): number[] => {
      const picture = new Uint8Array(FRAME_BYTES).fill(40);
      const depths = NO_SOLIDS.slice();
      depths[middle] = 2;
      depths[middle + column] = 1;
      picture.fill(250, 3 * middle, 3 * middle + 3);
      picture.fill(150, 3 * (middle + column), 3 * (middle + column) + 3);
      const frame = framesOf(carry(held(level, actionOf(4, 0)), [{ picture, pose: level, depths }]))[3];
      const row = Array.from({ length: WIDTH }, (_, x) => frame[3 * (middle - WIDTH / 2 + x)]);
      return [250, 150].map((colour) => row.indexOf(colour) - WIDTH / 2);
    };
    // A latent's step of 0.4 at a focal length of 40 pixels: 8 pixels at depth 2, 16 at depth 1.
    const [far, near] = columnsAfter(20);
    assert.ok(Math.abs(far + 8) <= 1 && Math.abs(near - 4) <= 1, `${far}, ${near}`);
    const [hidden, hiding] = columnsAfter(8);
    assert.ok(hidden === -1 - WIDTH / 2 && Math.abs(hiding + 8) <= 1, `${hidden}, ${hiding}`);
  });

  it("are known nowhere behind the camera, and at the side only as far as the picture reaches", () => {
    const sight = open(randomPicture("unknown"), HERE);
    const behind = { ...HERE, yaw: HERE.yaw + Math.PI };
    assert.ok(carry(still(behind), [sight]).known.every((share) => share === 0));
    const { known } = carry(held(HERE, actionOf(0, 2)), [sight]);
    const middle = (column: number): number => known[3 * LATENT_CELLS + cellOf((HEIGHT / 2) * WIDTH + column)];
    assert.equal(middle(WIDTH - 1), 0);
    assert.ok(middle(0) > ALL);
  });

  it("continue the nearest colours where nothing is known", () => {
    const picture = Uint8Array.from({ length: FRAME_BYTES }, (_, i) => [200, 60, 10][i % 3]);
    const { groups } = carry(held(HERE, actionOf(0, 2)), [open(picture, HERE)]);
    for (const frame of framesOf({ groups, known: new Float32Array() })) assert.deepEqual(frame, picture);
  });

  it("of a second sight from the same place fill what the first does not show, and nothing else", () => {
    const first = open(randomPicture("first"), HERE);
    const second = open(randomPicture("second"), { ...HERE, yaw: HERE.yaw + 0.9 });
    const path = held(HERE, actionOf(1, 2));
    const [both, one] = [[first, second], [first]].map((sights) => carry(path, sights));
    const gained = both.known.filter((share, cell) => share > one.known[cell] + 0.5).length;
    assert.ok(gained > 5 && gained < LATENT_CELLS, `${gained} cells`);
    const [filled, plain] = [both, one].map(framesOf);
    for (let frame = 0; frame < FRAMES; frame++)
      for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
        if (one.known[Math.floor(frame / 4) * LATENT_CELLS + cellOf(pixel)] < ALL) continue;
        assert.equal(filled[frame][3 * pixel], plain[frame][3 * pixel]);
      }
  });

  it("lie within -1 and 1, and their known shares within 0 and 1, whatever the poses", () => {
    const number = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    const pose = fc.record({ x: number(8), z: number(8), yaw: number(4), pitch: number(0.5) });
    const depths = fc.nat(99).map((seed) => {
      const rng = Rng.of("depths", seed);
      return NO_SOLIDS.map(() => (rng.uniform() < 0.2 ? rng.uniform(0.3, 9) : Infinity));
    });
    const sight = fc.record({ pose, depths, picture: fc.nat(99).map((seed) => randomPicture(seed)) });
    const sights = fc.array(sight, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(pose, fc.nat(80), sights, fc.boolean(), (start, action, some, continued) => {
        const { groups, known } = carryClip(held(start, action), some, continued);
        assert.ok(groups.every((value) => value >= -1 && value <= 1));
        assert.ok(known.every((share) => share >= 0 && share < 2 - ALL));
      }),
      { numRuns: 30 },
    );
  });
});
