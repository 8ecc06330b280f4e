/**
 * Projective relative encoding. Each token is given the place of its central ray in the world: azimuth, elevation, the
 * ground point where it lands, and time. Sixteen planes of a head are rotated by these coordinates, queries and keys
 * alike, so that attention sees only differences: "the token that looks at the same ground point", "8 degrees
 * to the right" (PRoPE's idea, arXiv 2507.10496, and rotary embedding, arXiv 2104.09864, on a planar world).
 */
import type { Pose } from "../../world/camera.ts";
import { EYE_HEIGHT, FOCAL, HEIGHT, WIDTH } from "../../world/config.ts";
import { LATENT_CELLS, LATENT_TOKENS, PATCH, TOKEN_COLUMNS, TOKEN_ROWS } from "./config.ts";

/** Rotation planes of a head. */
export const PLANES = 16;

const wave = (length: number): number => (2 * Math.PI) / length;
/** Radians per latent, per radian of azimuth (whole numbers: azimuth is cyclic) and elevation, and per unit of ground. */
const TIME = [wave(4), wave(11), wave(30), wave(80)];
const AZIMUTH = [1, 3, 6, 12];
const ELEVATION = [3, 9];
const GROUND = [wave(16), wave(5), wave(1.6)];

/** Rays that miss the ground, or meet it far away, are given the point at this distance: there the scenery stands. */
const FAR = 5;

interface Ray {
  right: number;
  up: number;
  forward: number;
}

/** The ray through a point of the picture, given in shares of its width and height from the upper left corner. */
function rayThrough(across: number, down: number): Ray {
  const right = (across - 0.5) * WIDTH;
  const up = (0.5 - down) * HEIGHT;
  const length = Math.hypot(right, up, FOCAL);
  return { right: right / length, up: up / length, forward: FOCAL / length };
}

const TOKEN_RAYS: Ray[] = Array.from({ length: LATENT_TOKENS }, (_, token) =>
  rayThrough(((token % TOKEN_COLUMNS) + 0.5) / TOKEN_COLUMNS, (Math.floor(token / TOKEN_COLUMNS) + 0.5) / TOKEN_ROWS),
);

/** Of the cells of a latent: token by token, and row by row within a token. */
const CELL_RAYS: Ray[] = Array.from({ length: LATENT_CELLS }, (_, cell) => {
  const [token, inside] = [Math.floor(cell / PATCH ** 2), cell % PATCH ** 2];
  const column = (token % TOKEN_COLUMNS) * PATCH + (inside % PATCH);
  const row = Math.floor(token / TOKEN_COLUMNS) * PATCH + Math.floor(inside / PATCH);
  return rayThrough((column + 0.5) / (TOKEN_COLUMNS * PATCH), (row + 0.5) / (TOKEN_ROWS * PATCH));
});

/** Writes the sixteen angles of one token. */
function writeAngles(out: Float32Array, at: number, camera: Pose, ray: Ray, time: number): void {
  const [sinPitch, cosPitch] = [Math.sin(camera.pitch), Math.cos(camera.pitch)];
  const up = ray.up * cosPitch + ray.forward * sinPitch;
  const ahead = ray.forward * cosPitch - ray.up * sinPitch;
  const azimuth = camera.yaw + Math.atan2(ray.right, ahead);
  const elevation = Math.asin(Math.max(-1, Math.min(1, up)));
  const distance = elevation < 0 ? Math.min(FAR, EYE_HEIGHT / Math.tan(-elevation)) : FAR;
  const [x, z] = [camera.x + distance * Math.sin(azimuth), camera.z + distance * Math.cos(azimuth)];
  let k = at;
  for (const f of TIME) out[k++] = f * time;
  for (const f of AZIMUTH) out[k++] = f * azimuth;
  for (const f of ELEVATION) out[k++] = f * elevation;
  for (const f of GROUND) out[k++] = f * x;
  for (const f of GROUND) out[k++] = f * z;
}

function anglesOf(cameras: readonly Pose[], firstTime: number, rays: readonly Ray[]): Float32Array {
  const out = new Float32Array(cameras.length * rays.length * PLANES);
  cameras.forEach((camera, latent) => {
    rays.forEach((ray, i) => {
      writeAngles(out, (latent * rays.length + i) * PLANES, camera, ray, firstTime + latent);
    });
  });
  return out;
}

/**
 * Angles of one clip's tokens.
 * @param cameras one camera per latent of the clip
 * @param firstTime temporal index of the clip's first latent
 * @returns [4 * 15, 16] radians
 */
export const clipAngles = (cameras: readonly Pose[], firstTime: number): Float32Array =>
  anglesOf(cameras, firstTime, TOKEN_RAYS);

/** The same for the cells of any number of latents: [latents * 60, 16]. */
export const cellAngles = (cameras: readonly Pose[], firstTime: number): Float32Array =>
  anglesOf(cameras, firstTime, CELL_RAYS);
