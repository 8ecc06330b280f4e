/**
 * The walled yard: what is the same in every episode. A square of ground in two tones, four walls with broad stripes and a
 * plinth, a plain sky. y is up; the ground is y = 0.
 */

/** Half of the yard's side, world units. */
export const HALF = 8;
export const WALL = 2.6;
/** Height of the eye. */
export const EYE = 0.8;
/** The eye keeps this far from walls and boxes. */
export const CLEARANCE = 0.8;
/** Side of a square of ground. */
export const TILE = 3.2;
export const STRIPE = 1.6;
export const PLINTH = 0.35;

/** RGB, 0 to 255. */
export type Colour = readonly [number, number, number];

export const SKY: Colour = [146, 192, 236];
export const GROUND: readonly Colour[] = [
  [168, 143, 102],
  [127, 104, 74],
];

/** Two stripes and a plinth. */
export interface WallPaint {
  readonly stripes: readonly [Colour, Colour];
  readonly plinth: Colour;
}

/** Of the walls at x = HALF, x = -HALF, z = HALF and z = -HALF. */
export const WALLS: readonly WallPaint[] = [
  {
    stripes: [
      [205, 66, 58],
      [238, 152, 132],
    ],
    plinth: [92, 40, 40],
  },
  {
    stripes: [
      [58, 108, 196],
      [134, 178, 232],
    ],
    plinth: [34, 52, 96],
  },
  {
    stripes: [
      [226, 188, 66],
      [246, 230, 160],
    ],
    plinth: [112, 88, 36],
  },
  {
    stripes: [
      [66, 150, 92],
      [150, 210, 150],
    ],
    plinth: [34, 74, 52],
  },
];
