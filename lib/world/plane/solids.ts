import { Rng } from "../../util/rng.ts";
import { type Rgb, SECOND_TONES, SOLID_COLOURS } from "./palettes.ts";
import type { Scene } from "./scene.ts";

export const SOLID_KINDS = ["box", "cylinder", "cone", "sphere"] as const;
export type SolidKind = (typeof SOLID_KINDS)[number];

/** A solid that stands on the ground at (x, z). */
export interface Solid {
  readonly kind: SolidKind;
  readonly x: number;
  readonly z: number;
  /** Radius, or half the side of a box. */
  readonly size: number;
  readonly height: number;
  /** Turn about the vertical, radians. */
  readonly turn: number;
  /** Radius of the circle around its footprint. */
  readonly footprint: number;
  readonly colours: readonly [Rgb, Rgb];
}

/** Side of a cell of the endless grid; a cell holds at most one solid. */
export const CELL = 4;
const OCCUPIED = 0.5;
/** Share of solids that are tall enough to be seen over the others. */
const LANDMARKS = 0.18;
/** A solid stays within its cell: offset + the largest footprint <= CELL / 2. */
const OFFSET = 0.75;

function heightOf(kind: SolidKind, size: number, rng: Rng): number {
  if (kind === "sphere") return 2 * size;
  return rng.uniform() < LANDMARKS ? rng.uniform(2.2, 3.2) : rng.uniform(0.8, 1.6);
}

function makeSolid(seed: number, column: number, row: number): Solid | null {
  const rng = Rng.of(seed, "solid", column, row);
  if (rng.uniform() >= OCCUPIED) return null;
  const kind = rng.pick(SOLID_KINDS);
  const size = rng.uniform(0.4, 0.65);
  const height = heightOf(kind, size, rng);
  return {
    kind,
    x: (column + 0.5) * CELL + rng.uniform(-OFFSET, OFFSET),
    z: (row + 0.5) * CELL + rng.uniform(-OFFSET, OFFSET),
    size,
    height,
    turn: rng.uniform(0, 2 * Math.PI),
    footprint: kind === "box" ? size * Math.SQRT2 : size,
    colours: [rng.pick(SOLID_COLOURS), rng.pick(SECOND_TONES)],
  };
}

const keyOf = (column: number, row: number): number => column * 67108864 + row;

/** Key of the cell that a solid stands in. */
export const cellOf = ({ x, z }: Solid): number => keyOf(Math.floor(x / CELL), Math.floor(z / CELL));

/** The solid of a cell, or null where the cell is empty. */
export function solidAt(scene: Scene, column: number, row: number): Solid | null {
  const key = keyOf(column, row);
  let solid = scene.cells.get(key);
  if (solid === undefined) {
    solid = makeSolid(scene.seed, column, row);
    scene.cells.set(key, solid);
  }
  return solid;
}

/** The solids whose centre is at most `radius` from (x, z). */
export function solidsNear(scene: Scene, x: number, z: number, radius: number): Solid[] {
  const near: Solid[] = [];
  const [c0, c1] = [Math.floor((x - radius) / CELL), Math.floor((x + radius) / CELL)];
  const [r0, r1] = [Math.floor((z - radius) / CELL), Math.floor((z + radius) / CELL)];
  for (let column = c0; column <= c1; column++) {
    for (let row = r0; row <= r1; row++) {
      const solid = solidAt(scene, column, row);
      if (solid && (solid.x - x) ** 2 + (solid.z - z) ** 2 <= radius * radius) near.push(solid);
    }
  }
  return near;
}

/** The solids whose footprint circle a disc of `radius` at (x, z) touches. */
export const blocking = (scene: Scene, x: number, z: number, radius: number): Solid[] =>
  solidsNear(scene, x, z, radius + CELL / 2).filter(
    (solid) => (solid.x - x) ** 2 + (solid.z - z) ** 2 < (radius + solid.footprint) ** 2,
  );

/** Does a disc of `radius` at (x, z) touch any solid's footprint circle? */
export const blocked = (scene: Scene, x: number, z: number, radius: number): boolean =>
  blocking(scene, x, z, radius).length > 0;
