import type { Camera } from "../camera.ts";
import { FOCAL, WIDTH } from "../config.ts";
import { RIDGE_POINTS, type Scene } from "./scene.ts";

/** Tangent of the elevation at which the sky reaches its zenith colour. */
const ZENITH = 0.8;
/** The sun's disc: cosine and width of its soft rim, for a radius of about 4 degrees. */
const SUN_COSINE = Math.cos(0.075);
const SUN_RIM = 0.0018;
/** Share of the horizon's colour in the mountains. */
const MOUNTAIN_HAZE = 0.15;
/** Width of the anti-aliased edge of a ridge, as a tangent: a little over a pixel. */
const EDGE = 1.3 / FOCAL;

const clamp01 = (x: number): number => Math.min(1, Math.max(0, x));

/** The ridge's tangent of elevation at an azimuth, straight lines between the scene's ridge points. */
function ridgeAt(ridge: Float64Array, azimuth: number): number {
  const at = ((azimuth / (2 * Math.PI) + 1) * RIDGE_POINTS) % RIDGE_POINTS;
  const i = Math.floor(at);
  return ridge[i] + (ridge[(i + 1) % RIDGE_POINTS] - ridge[i]) * (at - i);
}

/** Paints one row of sky, sun and mountains into `row` ([WIDTH, 3], 0..255); `b` as in `groundRow`. */
export function skyRow(scene: Scene, camera: Camera, b: number, row: Float32Array): void {
  const { zenith, horizon, mountain, sun } = scene.palette;
  const { right, up, forward } = camera;
  const dy = forward[1] + b * up[1];
  for (let px = 0, at = 0; px < WIDTH; px++, at += 3) {
    const a = (px + 0.5 - WIDTH / 2) / FOCAL;
    const dx = forward[0] + b * up[0] + a * right[0];
    const dz = forward[2] + b * up[2] + a * right[2];
    const level = Math.sqrt(dx * dx + dz * dz);
    const elevation = dy / level;
    const towards = (dx * scene.sun[0] + dy * scene.sun[1] + dz * scene.sun[2]) / Math.sqrt(level * level + dy * dy);
    const shine = clamp01((towards - SUN_COSINE) / SUN_RIM + 0.5);
    const height = clamp01(elevation / ZENITH);
    const rock = clamp01((ridgeAt(scene.ridge, Math.atan2(dx, dz)) - elevation) / EDGE + 0.5);
    for (let c = 0; c < 3; c++) {
      const air = horizon[c] + (zenith[c] - horizon[c]) * height;
      const sky = air + (sun[c] - air) * shine;
      const hill = mountain[c] + (horizon[c] - mountain[c]) * MOUNTAIN_HAZE;
      row[at + c] = sky + (hill - sky) * rock;
    }
  }
}
