import type { Hit } from "./intersect.ts";
import type { Solid } from "./solids.ts";

const BANDS = 4;
const AMBIENT = 0.62;

/** 0 or 1: which of a solid's two colours is at the hit. */
function tone({ kind, texture }: Solid, { u, v }: Hit): number {
  const around = Math.floor(kind === "box" ? (u + 1) * 1.5 : (u + 0.5) * 6);
  const up = Math.floor(v * BANDS);
  if (texture === "bands") return up & 1;
  return (texture === "stripes" ? around : around + up) & 1;
}

/** Writes the lit colour of a hit (0..255) at `out[at..at+2]`; `sun` points to the sun in the solid's axes. */
export function shade(solid: Solid, hit: Hit, sun: readonly number[], out: Float32Array, at: number): void {
  const facing = hit.nx * sun[0] + hit.ny * sun[1] + hit.nz * sun[2];
  const light = AMBIENT + (1 - AMBIENT) * Math.max(0, facing);
  const colour = solid.colours[tone(solid, hit)];
  for (let c = 0; c < 3; c++) out[at + c] = colour[c] * light;
}
