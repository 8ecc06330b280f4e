import type { Camera } from "../camera.ts";
import { EYE_HEIGHT, FOCAL, WIDTH } from "../config.ts";
import type { Scene } from "./scene.ts";

/** Side of a ground tile. */
export const TILE = 1.5;
/** One tile in so many carries a smaller square of the accent colour. */
const ACCENT_RARITY = 4;
const ACCENT_HALF = 0.28;
/** The ground dissolves into the horizon's colour between these distances. */
const HAZE_NEAR = 2;
const HAZE_FAR = 9;
/** Edges of the pattern are at least this soft, as a share of a tile: a picture that a small tokeniser can hold. */
const SOFTNESS = 0.08;

/** A hash of a tile, for its accent. */
function tileHash(seed: number, i: number, k: number): number {
  let h = Math.imul(seed, 0x9e3779b1) ^ Math.imul(i, 0x85ebca6b) ^ Math.imul(k, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Integral of the square wave that is +1 on even and -1 on odd tiles, up to a constant. */
function wave(x: number): number {
  const phase = x - 2 * Math.floor(x / 2);
  return phase < 1 ? phase : 2 - phase;
}

/** The square wave averaged over [x - w/2, x + w/2]: exact box filter, so the pattern fades instead of shimmering. */
const filtered = (x: number, w: number): number => (wave(x + w / 2) - wave(x - w / 2)) / w;

/** Share of [x - w/2, x + w/2] that lies within `half` of the middle of x's tile. */
function covered(x: number, w: number, half: number): number {
  const offset = x - Math.floor(x) - 0.5;
  const overlap = Math.min(offset + w / 2, half) - Math.max(offset - w / 2, -half);
  return overlap > 0 ? overlap / w : 0;
}

/** Paints one row of ground into `row` ([WIDTH, 3], 0..255). `b` is the row's height above the centre over the focal length. */
export function groundRow(scene: Scene, camera: Camera, b: number, row: Float32Array): void {
  const { tiles, accent, horizon } = scene.palette;
  const [light, dark] = tiles;
  const { eye, right, up, forward } = camera;
  const slope = forward[1] + b * up[1];
  const depth = -EYE_HEIGHT / slope;
  // Derivatives of the ground point by pixel: along the row it moves by step*, along the column by down* below.
  const stepX = (depth * right[0]) / FOCAL;
  const stepZ = (depth * right[2]) / FOCAL;
  const stretch = (depth * up[1]) / (FOCAL * slope);
  for (let px = 0, at = 0; px < WIDTH; px++, at += 3) {
    const a = (px + 0.5 - WIDTH / 2) / FOCAL;
    const dx = forward[0] + b * up[0] + a * right[0];
    const dz = forward[2] + b * up[2] + a * right[2];
    const wx = SOFTNESS + (Math.abs(stepX) + Math.abs(dx * stretch - (depth * up[0]) / FOCAL)) / TILE;
    const wz = SOFTNESS + (Math.abs(stepZ) + Math.abs(dz * stretch - (depth * up[2]) / FOCAL)) / TILE;
    const x = (eye[0] + depth * dx) / TILE;
    const z = (eye[2] + depth * dz) / TILE;
    const mix = 0.5 + 0.5 * filtered(x, wx) * filtered(z, wz);
    const hash = tileHash(scene.seed, Math.floor(x), Math.floor(z));
    const spot = hash % ACCENT_RARITY === 0 ? covered(x, wx, ACCENT_HALF) * covered(z, wz, ACCENT_HALF) : 0;
    const distance = depth * Math.sqrt(dx * dx + dz * dz);
    const haze = Math.min(1, Math.max(0, (distance - HAZE_NEAR) / (HAZE_FAR - HAZE_NEAR)));
    for (let c = 0; c < 3; c++) {
      const tile = dark[c] + (light[c] - dark[c]) * mix;
      const colour = tile + (accent[c] - tile) * spot;
      row[at + c] = colour + (horizon[c] - colour) * haze;
    }
  }
}
