/** A row of a frame that is painted from known pictures: where its pixels look, and how near to that a picture was taken. */
import type { Camera } from "../../world/camera.ts";
import { EYE_HEIGHT, FOCAL, HEIGHT, WIDTH } from "../../world/config.ts";
import { type Canvas, PLACES } from "./canvas.ts";
import { FAR, type Source } from "./source.ts";

/** Rays that fall less than this meet no ground within reach. */
const LEVEL = 0.02;
/** Nothing is seen that is nearer, in front, than this. */
export const FRONT = 1e-3;
/** `FAR` as `farness` has it. */
export const FAR_SQUARED = FAR * FAR;

/** Of each pixel of a row: how much farther its source is than the new camera, squared; Infinity where none shows it. */
export const farness = new Float64Array(WIDTH);

/** What one row of a frame looks at: from the eye to the ground, or a direction above it, linear in the column. */
export interface RowRays {
  row: number;
  /** Those above the horizon are directions only, of which all sources are equally far. */
  ground: boolean;
  x: number;
  xStep: number;
  y: number;
  z: number;
  zStep: number;
}

export function raysOf({ right, up, forward }: Camera, row: number): RowRays {
  const b = (HEIGHT / 2 - row - 0.5) / FOCAL;
  const y = forward[1] + b * up[1];
  const ground = y < -LEVEL;
  const reach = ground ? -EYE_HEIGHT / y : 1;
  const a = (0.5 - WIDTH / 2) / FOCAL;
  const [xStep, zStep] = [(reach * right[0]) / FOCAL, (reach * right[2]) / FOCAL];
  const x = reach * (forward[0] + b * up[0] + a * right[0]);
  const z = reach * (forward[2] + b * up[2] + a * right[2]);
  return { row, ground, x, xStep, y: reach * y, z, zStep };
}

/** Scalar product with an axis of the camera. */
export const along = (axis: Camera["up"], x: number, y: number, z: number): number =>
  x * axis[0] + y * axis[1] + z * axis[2];

/**
 * Writes what a source shows of a point into `pixel` of the frame, if the point lies in its picture, free of solids.
 * @param across,above,ahead the point from the source's eye, along its axes
 * @param through where solids stand, their surroundings will do
 * @returns whether it did
 */
export function show(
  { background, clear }: Source,
  across: number,
  above: number,
  ahead: number,
  { groups, base }: Canvas,
  pixel: number,
  through = false,
): boolean {
  if (ahead <= FRONT) return false;
  const perDepth = FOCAL / ahead;
  const u = across * perDepth + (WIDTH / 2 - 0.5);
  if (u < -0.5 || u > WIDTH - 0.5) return false;
  const v = HEIGHT / 2 - 0.5 - above * perDepth;
  if (v < -0.5 || v > HEIGHT - 0.5) return false;
  const left = u <= 0 ? 0 : u > WIDTH - 2 ? WIDTH - 2 : u | 0;
  const top = v <= 0 ? 0 : v > HEIGHT - 2 ? HEIGHT - 2 : v | 0;
  const first = top * WIDTH + left;
  if (!through && clear[first] === 0) return false;
  const du = (u < 0 ? 0 : u > WIDTH - 1 ? WIDTH - 1 : u) - left;
  const dv = (v < 0 ? 0 : v > HEIGHT - 1 ? HEIGHT - 1 : v) - top;
  const at = base + PLACES[pixel];
  for (let k = 0, from = 3 * first; k < 3; k++, from++) {
    const upper = background[from] + du * (background[from + 3] - background[from]);
    const below = from + 3 * WIDTH;
    const lower = background[below] + du * (background[below + 3] - background[below]);
    groups[at + k] = upper + dv * (lower - upper);
  }
  return true;
}
