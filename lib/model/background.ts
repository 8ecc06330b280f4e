/** Ground, sky and mountains of a frame, looked up in known pictures: on flat ground and infinitely far they need no depth. */
import type { Camera } from "../world/camera.ts";
import { EYE_HEIGHT, FOCAL, HEIGHT, WIDTH } from "../world/config.ts";
import { type Canvas, PLACES } from "./canvas.ts";
import { FAR, type Source } from "./source.ts";

/** Rays that fall less than this meet no ground within reach. */
const LEVEL = 0.02;
const FAR_SQUARED = FAR * FAR;

/** Columns around the nearest known place whose mean stands for what is unknown, so that nothing is drawn out into streaks. */
const AROUND = [-16, -8, 0, 8, 16];

/** Writes the mean colour of `source` around column u of row v. */
function guess({ background }: Source, u: number, v: number, out: Float32Array, at: number): void {
  const row = Math.round(v) * WIDTH;
  for (let k = 0; k < 3; k++) {
    let sum = 0;
    for (const step of AROUND) {
      const column = Math.min(WIDTH - 1, Math.max(0, Math.round(u) + step));
      sum += background[3 * (row + column) + k];
    }
    out[at + k] = sum / AROUND.length;
  }
}

/** What one row of a frame looks at: from the eye to the ground, or a direction above it, linear in the column. */
interface RowRays {
  row: number;
  /** Those above the horizon are directions only, of which all sources are equally far. */
  ground: boolean;
  x: number;
  xStep: number;
  y: number;
  z: number;
  zStep: number;
}

function raysOf({ right, up, forward }: Camera, row: number): RowRays {
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

/** Where a source sees a row's rays: numerators of column and row, and their depth, each linear in the column. */
interface Seen {
  /** From the source's eye. */
  x: number;
  z: number;
  across: number;
  acrossStep: number;
  above: number;
  aboveStep: number;
  ahead: number;
  aheadStep: number;
}

/** Scalar product with an axis of the camera. */
const along = (axis: Camera["up"], x: number, y: number, z: number): number => x * axis[0] + y * axis[1] + z * axis[2];

function seenBy({ x, z, right, up, forward }: Source, eye: Camera["eye"], rays: RowRays): Seen {
  const { ground, y, xStep, zStep } = rays;
  const fromX = rays.x + (ground ? eye[0] - x : 0);
  const fromZ = rays.z + (ground ? eye[2] - z : 0);
  return {
    x: fromX,
    z: fromZ,
    across: along(right, fromX, y, fromZ),
    acrossStep: along(right, xStep, 0, zStep),
    above: along(up, fromX, y, fromZ),
    aboveStep: along(up, xStep, 0, zStep),
    ahead: along(forward, fromX, y, fromZ),
    aheadStep: along(forward, xStep, 0, zStep),
  };
}

/** Nothing is seen that is nearer, in front, than this. */
const FRONT = 1e-3;
/** Of each pixel of a row: how much farther its source is than the new camera, squared; Infinity where none shows it. */
const farness = new Float64Array(WIDTH);

/** Paints a row's pixels that `source` sees free of solids, unless an older one that is near enough, or a nearer one, has. */
function paintRow(source: Source, seen: Seen, rays: RowRays, { groups, base }: Canvas): void {
  const { background, clear } = source;
  const { row, ground, y } = rays;
  for (let column = 0; column < WIDTH; column++) {
    const before = farness[column];
    if (before <= FAR_SQUARED) continue;
    const ahead = seen.ahead + column * seen.aheadStep;
    if (ahead <= FRONT) continue;
    const perDepth = FOCAL / ahead;
    const u = (seen.across + column * seen.acrossStep) * perDepth + (WIDTH / 2 - 0.5);
    if (u < -0.5 || u > WIDTH - 0.5) continue;
    const v = HEIGHT / 2 - 0.5 - (seen.above + column * seen.aboveStep) * perDepth;
    if (v < -0.5 || v > HEIGHT - 0.5) continue;
    const left = u <= 0 ? 0 : u > WIDTH - 2 ? WIDTH - 2 : u | 0;
    const top = v <= 0 ? 0 : v > HEIGHT - 2 ? HEIGHT - 2 : v | 0;
    const first = top * WIDTH + left;
    if (clear[first] === 0) continue;
    let farther = 1;
    if (ground) {
      const fromX = seen.x + column * rays.xStep;
      const fromZ = seen.z + column * rays.zStep;
      const x = rays.x + column * rays.xStep;
      const z = rays.z + column * rays.zStep;
      // Squares: Math.hypot costs more than all the rest.
      farther = (fromX * fromX + y * y + fromZ * fromZ) / (x * x + y * y + z * z);
      if (farther >= before) continue;
    }
    farness[column] = farther;
    const du = (u < 0 ? 0 : u > WIDTH - 1 ? WIDTH - 1 : u) - left;
    const dv = (v < 0 ? 0 : v > HEIGHT - 1 ? HEIGHT - 1 : v) - top;
    const at = base + PLACES[row * WIDTH + column];
    for (let k = 0, from = 3 * first; k < 3; k++, from++) {
      const upper = background[from] + du * (background[from + 3] - background[from]);
      const below = from + 3 * WIDTH;
      const lower = background[below] + du * (background[below + 3] - background[below]);
      groups[at + k] = upper + dv * (lower - upper);
    }
  }
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** What nobody sees of a row: the nearest place in the last picture. */
function guessRow(source: Source, seen: Seen, row: number, { groups, base, shown }: Canvas): void {
  for (let column = 0; column < WIDTH; column++) {
    shown[row * WIDTH + column] = farness[column] < Infinity ? 1 : 0;
    if (farness[column] < Infinity) continue;
    const perDepth = FOCAL / Math.max(FRONT, seen.ahead + column * seen.aheadStep);
    const u = (seen.across + column * seen.acrossStep) * perDepth + (WIDTH / 2 - 0.5);
    const v = HEIGHT / 2 - 0.5 - (seen.above + column * seen.aboveStep) * perDepth;
    guess(source, clamp(u, WIDTH - 1), clamp(v, HEIGHT - 1), groups, base + PLACES[row * WIDTH + column]);
  }
}

/** Ground and sky of one frame, written from `base`; from the oldest source near enough: what was carried once was blurred once. */
export function paintBackground(canvas: Canvas, camera: Camera, sources: readonly Source[]): void {
  for (let row = 0; row < HEIGHT; row++) {
    const rays = raysOf(camera, row);
    farness.fill(Infinity);
    for (const source of sources) paintRow(source, seenBy(source, camera.eye, rays), rays, canvas);
    const last = sources[sources.length - 1];
    guessRow(last, seenBy(last, camera.eye, rays), row, canvas);
  }
}
