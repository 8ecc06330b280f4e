import assert from "node:assert/strict";
import fc from "fast-check";
import { clipCondition, commandedPath, latentPath, MOTION_FEATURES } from "../../../lib/model/legacy/condition.ts";
import { CELL_CHANNELS, CLIP_LATENTS, LATENT_CELLS, LATENT_TOKENS } from "../../../lib/model/legacy/config.ts";
import { cellAngles, clipAngles, PLANES } from "../../../lib/model/legacy/rays.ts";
import { toTokens } from "../../../lib/model/legacy/tokens.ts";
import { LATENT_SIZE } from "../../../lib/model/tokeniser/config.ts";
import {
  ACTIONS,
  actionOf,
  cameraAt,
  EYE_HEIGHT,
  HEIGHT,
  motionOf,
  type Pose,
  pathOf,
  WIDTH,
} from "../../../lib/world/index.ts";
import { assertClose } from "../nn/close.ts";

const finite = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const pose: fc.Arbitrary<Pose> = fc.record({ x: finite(20), z: finite(20), yaw: finite(6), pitch: finite(0.3) });
const four = fc.array(fc.nat(ACTIONS - 1), { minLength: CLIP_LATENTS, maxLength: CLIP_LATENTS });

describe("the camera's way through a clip", () => {
  it("as commanded is the way through the frames that the actions give", () => {
    fc.assert(
      fc.property(pose, four, four, (start, first, second) => {
        const poses = pathOf(start, [...first, ...second]);
        const clip0 = commandedPath(start, first, true);
        const clip1 = commandedPath(clip0[CLIP_LATENTS - 1].end, second, false);
        for (const [latent, path] of [...clip0, ...clip1].entries()) {
          const expected = latentPath(poses, latent);
          for (const at of ["start", "view", "end"] as const) {
            assertClose(Object.values(path[at]), Object.values(expected[at]), 1e-12, `${at} of ${latent}`, 20);
          }
        }
      }),
    );
  });

  it("does not move in the first latent of a video, which is the given picture", () => {
    const start = { x: 1, z: 2, yaw: 3, pitch: 0 };
    assert.deepEqual(commandedPath(start, [actionOf(1, 1), 0, 0, 0], true)[0], { start, view: start, end: start });
  });
});

describe("motion features", () => {
  const motionOfClip = (start: Pose, actions: number[]): Float32Array =>
    clipCondition(commandedPath(start, actions, false), actions, 0).motion;

  it("tell a single action by its signs, wherever the camera is and looks", () => {
    fc.assert(
      fc.property(pose, fc.nat(ACTIONS - 1), (start, action) => {
        const { forward, rightward, yaw, pitch } = motionOf(action);
        const diagonal = forward !== 0 && rightward !== 0 ? Math.SQRT1_2 : 1;
        const [right, ahead, ...turns] = motionOfClip(start, [action, 0, 0, 0]).subarray(0, 4);
        // A turn of 8 degrees bends the way: forward also moves a little to the side.
        assertClose([right, ahead], [rightward * diagonal, forward * diagonal], 0.08, "translation", 1);
        assertClose(turns, [yaw, pitch], 1e-5, "rotation", 1);
      }),
    );
  });

  it("count from the clip's start, and know nothing else of where the camera is", () => {
    fc.assert(
      fc.property(pose, finite(20), finite(20), finite(6), four, (start, x, z, yaw, actions) => {
        const there = motionOfClip({ x, z, yaw, pitch: start.pitch }, actions);
        assertClose(there, motionOfClip(start, actions), 1e-5, "motion", 1);
      }),
    );
    const w = actionOf(1, 0);
    const motion = motionOfClip({ x: 0, z: 0, yaw: 1, pitch: 0 }, [w, w, w, w]);
    const gone = Array.from({ length: CLIP_LATENTS }, (_, i) => motion[i * MOTION_FEATURES + 7]);
    assertClose(gone, [0.25, 0.5, 0.75, 1], 1e-6);
  });
});

describe("angles of the projective encoding", () => {
  const TIME = [4, 11, 30, 80].map((length) => (2 * Math.PI) / length);
  const GROUND = [16, 5, 1.6].map((length) => (2 * Math.PI) / length);
  const FAR = 5;

  /** The same from the camera's axes: where the ray through the middle of a square of `side` pixels goes. */
  function expected(camera: Pose, side: number, place: number, time: number): number[] {
    const { right, up, forward } = cameraAt(camera);
    const [column, row] = [place % (WIDTH / side), Math.floor(place / (WIDTH / side))];
    const a = (side * (column + 0.5) - WIDTH / 2) / (WIDTH / 2);
    const b = (HEIGHT / 2 - side * (row + 0.5)) / (WIDTH / 2);
    const ray = [0, 1, 2].map((i) => forward[i] + a * right[i] + b * up[i]);
    const level = Math.hypot(ray[0], ray[2]);
    const elevation = Math.atan2(ray[1], level);
    const azimuth = camera.yaw + Math.asin(a / level);
    const distance = ray[1] < 0 ? Math.min(FAR, (EYE_HEIGHT * level) / -ray[1]) : FAR;
    const [x, z] = [camera.x + (distance * ray[0]) / level, camera.z + (distance * ray[2]) / level];
    return [
      ...TIME.map((f) => f * time),
      ...[1, 3, 6, 12].map((f) => f * azimuth),
      ...[3, 9].map((f) => f * elevation),
      ...GROUND.map((f) => f * x),
      ...GROUND.map((f) => f * z),
    ];
  }

  it("are those of the token's central ray, by the renderer's camera", () => {
    fc.assert(
      fc.property(fc.array(pose, { minLength: 4, maxLength: 4 }), fc.nat(30), (cameras, firstTime) => {
        const angles = clipAngles(cameras, firstTime);
        assert.equal(angles.length, CLIP_LATENTS * LATENT_TOKENS * PLANES);
        for (const [latent, camera] of cameras.entries()) {
          for (let token = 0; token < LATENT_TOKENS; token++) {
            const at = (latent * LATENT_TOKENS + token) * PLANES;
            const wanted = expected(camera, 16, token, firstTime + latent);
            assertClose(angles.subarray(at, at + PLANES), wanted, 1e-4, `token ${token}`, 1);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("of cells are in the order of the tokens and of the numbers within a token", () => {
    // Every number of a latent is named by its cell in the picture, row by row.
    const names = Float32Array.from({ length: LATENT_SIZE }, (_, i) => Math.floor(i / CELL_CHANNELS));
    const layout = toTokens(names).filter((_, i) => i % CELL_CHANNELS === 0);
    fc.assert(
      fc.property(fc.array(pose, { minLength: 1, maxLength: 5 }), fc.integer({ min: -1, max: 30 }), (cameras, time) => {
        const angles = cellAngles(cameras, time);
        assert.equal(angles.length, cameras.length * LATENT_CELLS * PLANES);
        for (const [latent, camera] of cameras.entries()) {
          for (const [cell, place] of layout.entries()) {
            const at = (latent * LATENT_CELLS + cell) * PLANES;
            const wanted = expected(camera, 8, place, time + latent);
            assertClose(angles.subarray(at, at + PLANES), wanted, 1e-4, `cell ${cell}`, 1);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it("tokens that look at one ground point have its angles in common", () => {
    const near = { x: 0, z: 0, yaw: 0, pitch: -0.3 };
    const angles = clipAngles([near, { ...near, z: 1 }, near, near], 0);
    const ground = (latent: number, token: number) =>
      angles.subarray((latent * LATENT_TOKENS + token) * PLANES + 10).slice(0, 6);
    // The middle token of the lowest row lands ahead by the same distance from both places.
    const [first, second] = [ground(0, 12), ground(1, 12)];
    assertClose(second.subarray(0, 3), first.subarray(0, 3), 1e-6, "x", 1);
    assertClose(
      second.subarray(3),
      first.subarray(3).map((a, i) => a + GROUND[i]),
      1e-5,
      "z",
    );
  });
});
