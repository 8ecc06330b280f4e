import { Rng } from "../../util/rng.ts";
import { PALETTES, type Palette } from "./palettes.ts";
import type { Solid } from "./solids.ts";

/** Corners of the mountain ridge around the full circle: one every 20 degrees of azimuth. */
export const RIDGE_POINTS = 18;

/** An endless place, wholly determined by its seed. */
export interface Scene {
  readonly seed: number;
  readonly palette: Palette;
  /** Tangent of the ridge's elevation at each of the `RIDGE_POINTS` azimuths. */
  readonly ridge: Float64Array;
  /** Towards the sun; unit length. */
  readonly sun: readonly [number, number, number];
  /** Solids by cell, filled as cells come into view: a cache, and no state but the cells that `clearedFor` has emptied. */
  readonly cells: Map<number, Solid | null>;
}

/** The scene of a seed (a non-negative integer). */
export function makeScene(seed: number): Scene {
  const rng = Rng.of(seed, "scene");
  const palette = rng.pick(PALETTES);
  const azimuth = rng.uniform(0, 2 * Math.PI);
  const elevation = rng.uniform(0.35, 0.6);
  const ridge = Float64Array.from({ length: RIDGE_POINTS }, () => rng.uniform(0.04, 0.26));
  const level = Math.cos(elevation);
  const sun = [level * Math.sin(azimuth), Math.sin(elevation), level * Math.cos(azimuth)] as const;
  return { seed, palette, ridge, sun, cells: new Map() };
}
