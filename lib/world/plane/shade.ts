import type { Hit } from "./intersect.ts";
import type { Solid } from "./solids.ts";

const AMBIENT = 0.62;

/** Solids wear their colour below and their second tone above this share of their height. */
const COLLAR = 0.6;

/** Writes the lit colour of a hit (0..255) at `out[at..at+2]`; `sun` points to the sun in the solid's axes. */
export function shade(solid: Solid, hit: Hit, sun: readonly number[], out: Float32Array, at: number): void {
  const facing = hit.nx * sun[0] + hit.ny * sun[1] + hit.nz * sun[2];
  const light = AMBIENT + (1 - AMBIENT) * Math.max(0, facing);
  const colour = solid.colours[hit.v < COLLAR ? 0 : 1];
  for (let c = 0; c < 3; c++) out[at + c] = colour[c] * light;
}
