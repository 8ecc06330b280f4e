/** The boxes of an episode: a few of a small catalogue, each in a cell of its own of a coarse grid. */
import { Rng } from "../../util/rng.ts";
import { type Colour, HALF } from "./yard.ts";

/** An upright box standing on the ground. */
export interface Box {
  readonly x: number;
  readonly z: number;
  /** Half of its extent along x and z. */
  readonly halfX: number;
  readonly halfZ: number;
  readonly height: number;
  readonly body: Colour;
  /** Colour of its upper band and lid. */
  readonly band: Colour;
}

type Kind = Pick<Box, "halfX" | "halfZ" | "height" | "body" | "band">;

/** One piece of each kind at most, so that a box is known by its look. */
const CATALOGUE: readonly Kind[] = [
  { halfX: 0.8, halfZ: 0.8, height: 0.6, body: [232, 120, 40], band: [250, 214, 120] },
  { halfX: 0.5, halfZ: 0.5, height: 2, body: [118, 62, 168], band: [226, 206, 240] },
  { halfX: 0.9, halfZ: 0.5, height: 1.2, body: [36, 158, 164], band: [18, 74, 88] },
  { halfX: 0.5, halfZ: 0.9, height: 1.2, body: [214, 84, 146], band: [92, 24, 62] },
  { halfX: 0.6, halfZ: 0.6, height: 1.2, body: [236, 236, 230], band: [196, 48, 44] },
  { halfX: 0.45, halfZ: 0.45, height: 2.6, body: [70, 74, 84], band: [244, 196, 40] },
  { halfX: 0.9, halfZ: 0.9, height: 0.6, body: [92, 128, 44], band: [196, 220, 110] },
  { halfX: 0.7, halfZ: 0.7, height: 2, body: [132, 82, 52], band: [72, 140, 210] },
];

const CELLS = 4;
const CELL = (2 * HALF) / CELLS;
/** How far a box stands from its cell's centre along each axis, at most. */
const SHIFT = 0.6;
const FEWEST = 4;
const MOST = 7;

export function furnish(seed: number): Box[] {
  const rng = Rng.of(seed, "courtyard", "furniture");
  const count = FEWEST + rng.int(MOST - FEWEST + 1);
  const cells = rng.shuffled(Array.from({ length: CELLS * CELLS }, (_, cell) => cell)).slice(0, count);
  const kinds = rng.shuffled(CATALOGUE);
  return cells.map((cell, i) => ({
    ...kinds[i],
    x: -HALF + ((cell % CELLS) + 0.5) * CELL + rng.uniform(-SHIFT, SHIFT),
    z: -HALF + (Math.floor(cell / CELLS) + 0.5) * CELL + rng.uniform(-SHIFT, SHIFT),
  }));
}
