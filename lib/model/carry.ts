/**
 * What the camera's commanded motion would make of pictures that are known, if the world were flat ground and far
 * scenery: every pixel of the clip to come looks up its ground point, or its direction above the horizon, in the last
 * picture, and where that does not show it, in a remembered one. Solids are carried along wrongly; putting them right
 * is left to the network, which so need not learn to shift a ground pattern by parts of a cell (a geometric cache as
 * a condition: GEN3C, arXiv 2503.03751).
 */
import { type Camera, cameraAt, type Pose } from "../world/camera.ts";
import { EYE_HEIGHT, FOCAL, HEIGHT, WIDTH } from "../world/config.ts";
import type { LatentPath } from "./condition.ts";
import { CELL_PIXELS, CLIP_LATENTS, LATENT_CELLS, PATCH, TOKEN_COLUMNS } from "./config.ts";

/** A picture, [48, 80, 3] bytes, and where it was taken. */
export interface Sight {
  picture: Uint8Array;
  pose: Pose;
}

/** Pictures of a latent: at its first and at its last frame. */
const MOMENTS = [1 / 4, 1];
/** Side of a cell in pixels. */
const SIDE = 8;
/** Red, green, blue (-1..1) and whether the pixel is known (0 or 1, and then 0 0 0). */
const CHANNELS = 4;
/** Numbers of a cell. */
export const CARRIED_SIZE = MOMENTS.length * CELL_PIXELS * CHANNELS;
/** Rays that fall less than this meet no ground within reach. */
const LEVEL = 0.02;

/** Where pixel (row, column) of a latent's first moment is written; cells go token by token. */
const PLACES = Int32Array.from({ length: HEIGHT * WIDTH }, (_, pixel) => {
  const [row, column] = [Math.floor(pixel / WIDTH), pixel % WIDTH];
  const [down, across] = [Math.floor(row / SIDE), Math.floor(column / SIDE)];
  const token = Math.floor(down / PATCH) * TOKEN_COLUMNS + Math.floor(across / PATCH);
  const cell = token * PATCH * PATCH + (down % PATCH) * PATCH + (across % PATCH);
  return cell * CARRIED_SIZE + ((row % SIDE) * SIDE + (column % SIDE)) * CHANNELS;
});

/** The camera between the ends of a latent's path. */
function poseAt({ start, end }: LatentPath, share: number): Pose {
  const between = (a: number, b: number): number => a + share * (b - a);
  return {
    x: between(start.x, end.x),
    z: between(start.z, end.z),
    yaw: between(start.yaw, end.yaw),
    pitch: between(start.pitch, end.pitch),
  };
}

interface Source {
  camera: Camera;
  picture: Uint8Array;
}

/** Writes the colour that `source` has in direction (x, y, z) from its eye. @returns whether it sees it */
function lookUp({ camera, picture }: Source, x: number, y: number, z: number, out: Float32Array, at: number): boolean {
  const { right, up, forward } = camera;
  const ahead = x * forward[0] + y * forward[1] + z * forward[2];
  if (ahead <= 1e-3) return false;
  const u = (FOCAL * (x * right[0] + z * right[2])) / ahead + WIDTH / 2 - 0.5;
  const v = HEIGHT / 2 - 0.5 - (FOCAL * (x * up[0] + y * up[1] + z * up[2])) / ahead;
  if (u < -0.5 || v < -0.5 || u > WIDTH - 0.5 || v > HEIGHT - 0.5) return false;
  const [left, top] = [
    Math.min(WIDTH - 2, Math.max(0, Math.floor(u))),
    Math.min(HEIGHT - 2, Math.max(0, Math.floor(v))),
  ];
  const [du, dv] = [Math.min(1, Math.max(0, u - left)), Math.min(1, Math.max(0, v - top))];
  const corner = (top * WIDTH + left) * 3;
  for (let c = 0, i = corner; c < 3; c++, i++) {
    const upper = picture[i] + du * (picture[i + 3] - picture[i]);
    const lower = picture[i + 3 * WIDTH] + du * (picture[i + 3 * WIDTH + 3] - picture[i + 3 * WIDTH]);
    out[at + c] = (upper + dv * (lower - upper)) / 127.5 - 1;
  }
  out[at + 3] = 1;
  return true;
}

/** One moment: every pixel of the camera's picture, from the first source that sees it. */
function paint(out: Float32Array, base: number, { eye, right, up, forward }: Camera, sources: readonly Source[]): void {
  for (let row = 0, pixel = 0; row < HEIGHT; row++) {
    const b = (HEIGHT / 2 - row - 0.5) / FOCAL;
    const y = forward[1] + b * up[1];
    // Distance to the ground in lengths of the ray; 0 for rays that meet none: there only directions count.
    const reach = y < -LEVEL ? -EYE_HEIGHT / y : 0;
    for (let column = 0; column < WIDTH; column++, pixel++) {
      const a = (column + 0.5 - WIDTH / 2) / FOCAL;
      const x = forward[0] + b * up[0] + a * right[0];
      const z = forward[2] + b * up[2] + a * right[2];
      const at = base + PLACES[pixel];
      for (const source of sources) {
        const from = source.camera.eye;
        const seen =
          reach > 0
            ? lookUp(source, eye[0] - from[0] + reach * x, reach * y, eye[2] - from[2] + reach * z, out, at)
            : lookUp(source, x, y, z, out, at);
        if (seen) break;
      }
    }
  }
}

/**
 * @param path four latents
 * @param sights in order of preference
 * @returns per cell, in the order of the tokens, both moments' pixels: [240, 2 * 64 * 4]
 */
export function carry(path: readonly LatentPath[], sights: readonly Sight[]): Float32Array {
  const out = new Float32Array(CLIP_LATENTS * LATENT_CELLS * CARRIED_SIZE);
  const sources = sights.map(({ picture, pose }): Source => ({ picture, camera: cameraAt(pose) }));
  path.forEach((latent, i) => {
    MOMENTS.forEach((share, moment) => {
      const base = i * LATENT_CELLS * CARRIED_SIZE + moment * CELL_PIXELS * CHANNELS;
      paint(out, base, cameraAt(poseAt(latent, share)), sources);
    });
  });
  return out;
}
