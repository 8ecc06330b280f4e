/**
 * Projective relative encoding. A token stands for the ray through its centre: azimuth, elevation, the point that it sets
 * out from, and time. Sixteen planes of a head are rotated by these coordinates, queries and keys alike, so that
 * attention sees only differences: "the token that looks 8 degrees to the right, from one step ahead" (the idea of PRoPE,
 * arXiv 2507.10496, by rotary embedding, arXiv 2104.09864).
 */
import { director } from "../../world/axes.ts";
import type { Pose } from "../../world/camera.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import { type DitConfig, latentTokens, tokenColumns, tokenRows } from "./config.ts";

/** Rotation planes of a head. */
export const PLANES = 16;

const wave = (length: number): number => (2 * Math.PI) / length;
/** Radians per latent, per radian of azimuth (whole numbers: azimuth is cyclic) and elevation, and per latent's way of translation. */
const TIME = [wave(4), wave(11), wave(30), wave(80)];
const AZIMUTH = [1, 3, 6, 12];
const ELEVATION = [3, 9];
const PLACE = [wave(40), wave(14), wave(5)];

/**
 * Angles of the tokens of some latents.
 * @param views one camera pose per latent
 * @param firstTime temporal index of the first of them
 * @returns [views.length * tokens, 16] radians
 */
export function rayAngles(views: readonly Pose[], firstTime: number, config: DitConfig): Float32Array {
  const { latent, camera, step } = config;
  const [rows, columns] = [tokenRows(latent), tokenColumns(latent)];
  const way = FRAMES_PER_LATENT * step.translation;
  const out = new Float32Array(views.length * latentTokens(latent) * PLANES);
  let k = 0;
  for (const [i, pose] of views.entries()) {
    const directed = director(camera, pose);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const across = ((column + 0.5) / columns - 0.5) * camera.width;
        const down = ((row + 0.5) / rows - 0.5) * camera.height;
        const [dx, dy, dz] = directed(across, down);
        const [azimuth, elevation] = [Math.atan2(dx, dz), Math.atan2(dy, Math.hypot(dx, dz))];
        for (const f of TIME) out[k++] = f * (firstTime + i);
        for (const f of AZIMUTH) out[k++] = f * azimuth;
        for (const f of ELEVATION) out[k++] = f * elevation;
        for (const f of PLACE) out[k++] = (f * pose.x) / way;
        for (const f of PLACE) out[k++] = (f * pose.z) / way;
      }
  }
  return out;
}
