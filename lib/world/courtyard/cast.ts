/** Where a ray from the eye first meets the yard or a box, and what is painted there. */
import type { Box } from "./furniture.ts";
import { EYE, GROUND, HALF, PLINTH, SKY, STRIPE, TILE, WALL, WALLS } from "./yard.ts";

/** A ray's first hit: its surface (an index into the paints) and the distance in lengths of the ray's direction. */
export interface Hit {
  surface: number;
  distance: number;
}

const SKY_SURFACE = 0;
const GROUND_SURFACE = 1;
const WALL_SURFACE = GROUND_SURFACE + 2;
const PER_WALL = 3;
const BOX_SURFACE = WALL_SURFACE + 4 * PER_WALL;
/** Sides facing along x and z, and the lid; the sides' upper bands after them. */
const PER_BOX = 5;
/** Share of a box's height that its upper band takes. */
const BAND = 0.28;
/** Brightness of sides along x, sides along z and the lid. */
const LIGHT = [0.78, 1, 1.1];
const FAR = 1e9;

/** Colours of all surfaces, three numbers each, in the order of their indices. */
export function paints(boxes: readonly Box[]): Float64Array {
  const lit = (colour: readonly number[], light: number): number[] => colour.map((c) => Math.min(255, c * light));
  const walls = WALLS.flatMap(({ stripes, plinth }) => [...stripes[0], ...stripes[1], ...plinth]);
  const ofBox = ({ body, band }: Box): number[] => [
    ...lit(body, LIGHT[0]),
    ...lit(body, LIGHT[1]),
    ...lit(band, LIGHT[2]),
    ...lit(band, LIGHT[0]),
    ...lit(band, LIGHT[1]),
  ];
  return Float64Array.from([...SKY, ...GROUND.flat(), ...walls, ...boxes.flatMap(ofBox)]);
}

/** Casts a ray from (x, EYE, z) along (dx, dy, dz) at ground, walls and sky into `hit`. */
export function castYard(x: number, z: number, dx: number, dy: number, dz: number, hit: Hit): void {
  const alongX = dx === 0 ? FAR : ((dx > 0 ? HALF : -HALF) - x) / dx;
  const alongZ = dz === 0 ? FAR : ((dz > 0 ? HALF : -HALF) - z) / dz;
  const wall = Math.min(alongX, alongZ);
  const down = dy < 0 ? -EYE / dy : FAR;
  if (down < wall) {
    hit.distance = down;
    const tiles = Math.floor((x + down * dx) / TILE) + Math.floor((z + down * dz) / TILE);
    hit.surface = GROUND_SURFACE + (tiles & 1);
    return;
  }
  const height = EYE + wall * dy;
  if (height > WALL) {
    hit.distance = FAR;
    hit.surface = SKY_SURFACE;
    return;
  }
  hit.distance = wall;
  const side = alongX < alongZ ? (dx > 0 ? 0 : 1) : dz > 0 ? 2 : 3;
  const across = side < 2 ? z + wall * dz : x + wall * dx;
  const stripe = height < PLINTH ? 2 : Math.floor((across + HALF) / STRIPE) & 1;
  hit.surface = WALL_SURFACE + PER_WALL * side + stripe;
}

/** The same at a box, number `k` of the level's: `hit` stays where it is nearer. */
export function castBox(box: Box, k: number, x: number, z: number, dx: number, dy: number, dz: number, hit: Hit): void {
  const [ox, oz] = [x - box.x, z - box.z];
  // Enters and leaves the slab of each axis; a ray along a slab never does.
  const inX = dx === 0 ? (Math.abs(ox) < box.halfX ? -FAR : FAR) : (-Math.sign(dx) * box.halfX - ox) / dx;
  const outX = dx === 0 ? FAR : (Math.sign(dx) * box.halfX - ox) / dx;
  const inZ = dz === 0 ? (Math.abs(oz) < box.halfZ ? -FAR : FAR) : (-Math.sign(dz) * box.halfZ - oz) / dz;
  const outZ = dz === 0 ? FAR : (Math.sign(dz) * box.halfZ - oz) / dz;
  const enter = Math.max(inX, inZ);
  const leave = Math.min(outX, outZ);
  if (enter >= leave || leave <= 0 || enter >= hit.distance) return;
  const height = EYE + enter * dy;
  if (height <= box.height) {
    const side = inX > inZ ? 0 : 1;
    const banded = height > box.height * (1 - BAND);
    hit.distance = enter;
    hit.surface = BOX_SURFACE + PER_BOX * k + (banded ? 3 + side : side);
    return;
  }
  const lid = (box.height - EYE) / dy;
  if (dy < 0 && lid < leave && lid < hit.distance) {
    hit.distance = lid;
    hit.surface = BOX_SURFACE + PER_BOX * k + 2;
  }
}
