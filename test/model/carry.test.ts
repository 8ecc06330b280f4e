import assert from "node:assert/strict";
import fc from "fast-check";
import { CARRIED_SIZE, carry, type Sight } from "../../lib/model/carry.ts";
import { commandedPath, type LatentPath } from "../../lib/model/condition.ts";
import { CLIP_LATENTS, LATENT_CELLS } from "../../lib/model/config.ts";
import { toTokens } from "../../lib/model/tokens.ts";
import { LATENT_SIZE, TOKENISER } from "../../lib/tokeniser/config.ts";
import { Rng } from "../../lib/util/rng.ts";
import {
  actionOf,
  FRAME_BYTES,
  HEIGHT,
  makeScene,
  type Pose,
  renderEmpty,
  stepPose,
  WIDTH,
} from "../../lib/world/index.ts";
import { assertClose } from "../nn/close.ts";

/** Latents of a clip, and the frames of a latent that are carried to. */
const LATENTS = [0, 1, 2, 3];
const FRAMES = [1, 4];

const HERE: Pose = { x: 3, z: -5, yaw: 1, pitch: 0.1 };
const still = (pose: Pose): LatentPath[] => LATENTS.map(() => ({ start: pose, view: pose, end: pose }));
const held = (pose: Pose, action: number): LatentPath[] =>
  commandedPath(pose, new Array<number>(CLIP_LATENTS).fill(action), false);

const randomPicture = (...key: (string | number)[]): Uint8Array => {
  const rng = Rng.of("picture", ...key);
  return Uint8Array.from({ length: FRAME_BYTES }, () => rng.int(256));
};

/** Red, green, blue and the mask of every pixel, row by row: [48 * 80, 4]. */
function momentOf(carried: Float32Array, latent: number, moment: number): Float32Array {
  const out = new Float32Array(HEIGHT * WIDTH * 4);
  for (let row = 0; row < HEIGHT; row++) {
    for (let column = 0; column < WIDTH; column++) {
      const token = Math.floor(row / 16) * (WIDTH / 16) + Math.floor(column / 16);
      const cell = 4 * token + 2 * (Math.floor(row / 8) % 2) + (Math.floor(column / 8) % 2);
      const at = (latent * LATENT_CELLS + cell) * CARRIED_SIZE + (moment * 64 + (row % 8) * 8 + (column % 8)) * 4;
      out.set(carried.subarray(at, at + 4), (row * WIDTH + column) * 4);
    }
  }
  return out;
}

/** The pixels of all moments, in the order in which they are stored. */
const pixelsOf = (carried: Float32Array): Float32Array[] =>
  Array.from({ length: carried.length / 4 }, (_, i) => carried.subarray(4 * i, 4 * i + 4));

/** PSNR of what is known of a moment. */
function knownPsnr(moment: Float32Array, truth: Uint8Array): number {
  let [squares, count] = [0, 0];
  for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
    if (moment[4 * pixel + 3] === 0) continue;
    for (let c = 0; c < 3; c++, count++) squares += ((moment[4 * pixel + c] + 1) * 127.5 - truth[3 * pixel + c]) ** 2;
  }
  assert.ok(count > 0);
  return 10 * Math.log10((255 * 255 * count) / squares);
}

describe("carried pictures", () => {
  it("of a camera that stands still are the picture itself, all of it known", () => {
    const picture = randomPicture("still");
    const carried = carry(still(HERE), [{ picture, pose: HERE }]);
    const expected = Float32Array.from({ length: HEIGHT * WIDTH * 4 }, (_, i) =>
      i % 4 === 3 ? 1 : picture[3 * Math.floor(i / 4) + (i % 4)] / 127.5 - 1,
    );
    for (const latent of LATENTS)
      for (const moment of FRAMES.keys()) assertClose(momentOf(carried, latent, moment), expected, 1e-6);
  });

  it("go cell by cell as the tokens do", () => {
    const { latentWidth, latentChannels } = TOKENISER;
    const numbered = toTokens(Float32Array.from({ length: LATENT_SIZE }, (_, i) => Math.floor(i / latentChannels)));
    const picture = Uint8Array.from({ length: FRAME_BYTES }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return Math.floor(pixel / WIDTH / 8) * latentWidth + Math.floor((pixel % WIDTH) / 8);
    });
    const carried = carry(still(HERE), [{ picture, pose: HERE }]);
    for (let cell = 0; cell < LATENT_CELLS; cell++) {
      const byte = Math.round((carried[cell * CARRIED_SIZE] + 1) * 127.5);
      assert.equal(byte, numbered[cell * latentChannels], `cell ${cell}`);
    }
  });

  /** How a frame's camera would find the picture from `start`, carried and as it was. */
  function agreement(seed: number, action: number): { frame: number; carried: number; uncarried: number }[] {
    const scene = makeScene(seed);
    const start = { x: seed, z: 2 * seed, yaw: seed, pitch: 0.02 * seed };
    const sights = [{ picture: renderEmpty(scene, start), pose: start }];
    const [moved, unmoved] = [held(start, action), still(start)].map((path) => carry(path, sights));
    let pose: Pose = start;
    return Array.from({ length: 16 }, (_, i) => {
      pose = stepPose(pose, action);
      const [latent, moment] = [Math.floor(i / 4), FRAMES.indexOf((i % 4) + 1)];
      if (moment < 0) return [];
      const truth = renderEmpty(scene, pose);
      const [carried, uncarried] = [moved, unmoved].map((some) => knownPsnr(momentOf(some, latent, moment), truth));
      return [{ frame: i + 1, carried, uncarried }];
    }).flat();
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

  it("are 0, and so is the mask, where no picture shows a pixel", () => {
    const sight: Sight = { picture: randomPicture("unknown"), pose: HERE };
    const behind = { ...HERE, yaw: HERE.yaw + Math.PI };
    assert.ok(carry(still(behind), [sight]).every((value) => value === 0));
    assert.ok(carry(still(HERE), []).every((value) => value === 0));
    const right = momentOf(carry(held(HERE, actionOf(0, 2)), [sight]), 3, 1);
    const middle = pixelsOf(right).slice((HEIGHT / 2) * WIDTH, (HEIGHT / 2 + 1) * WIDTH);
    assert.deepEqual([...middle[WIDTH - 1]], [0, 0, 0, 0]);
    assert.equal(middle[0][3], 1);
  });

  it("of a second sight fill what the first does not show, and nothing else", () => {
    const first: Sight = { picture: randomPicture("first"), pose: HERE };
    const second: Sight = { picture: randomPicture("second"), pose: { ...HERE, yaw: HERE.yaw + 0.9, x: HERE.x + 0.3 } };
    const path = held(HERE, actionOf(1, 2));
    const [both, one, other] = [[first, second], [first], [second]].map((sights) => pixelsOf(carry(path, sights)));
    const expected = one.map((pixel, i) => (pixel[3] === 1 ? pixel : other[i]));
    assert.deepEqual(both, expected);
    const filled = one.filter((pixel, i) => pixel[3] === 0 && other[i][3] === 1).length;
    assert.ok(filled > 1000 && filled < both.length / 2, `${filled} pixels`);
  });

  it("lie within -1 and 1, with a mask of 0 or 1, whatever the poses", () => {
    const number = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    const pose = fc.record({ x: number(8), z: number(8), yaw: number(4), pitch: number(0.5) });
    const sight = fc.record({ pose, picture: fc.nat(99).map((seed) => randomPicture(seed)) });
    fc.assert(
      fc.property(pose, fc.nat(80), fc.array(sight, { maxLength: 2 }), (start, action, sights) => {
        for (const [red, green, blue, known] of pixelsOf(carry(held(start, action), sights))) {
          const [least, most] = [Math.min(red, green, blue), Math.max(red, green, blue)];
          assert.ok(known === 1 ? least >= -1 && most <= 1 : known === 0 && least === 0 && most === 0);
        }
      }),
      { numRuns: 30 },
    );
  });
});
