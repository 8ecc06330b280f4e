/** Ground, sky and mountains of a frame, looked up in known pictures: on flat ground and infinitely far they need no depth. */
import type { Camera } from "../../world/camera.ts";
import { FOCAL, HEIGHT, WIDTH } from "../../world/config.ts";
import { type Canvas, PLACES } from "./canvas.ts";
import { continueGround, continueSky } from "./continued.ts";
import { along, FAR_SQUARED, FRONT, farness, type RowRays, raysOf, show } from "./rows.ts";
import type { Source } from "./source.ts";

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

/** How much farther the source is than the new camera from what pixel `column` shows, squared. */
function fartherAt(seen: Seen, rays: RowRays, column: number): number {
  if (!rays.ground) return 1;
  const fromX = seen.x + column * rays.xStep;
  const fromZ = seen.z + column * rays.zStep;
  const toX = rays.x + column * rays.xStep;
  const toZ = rays.z + column * rays.zStep;
  const y = rays.y * rays.y;
  // Squares: Math.hypot costs more than all the rest.
  return (fromX * fromX + y + fromZ * fromZ) / (toX * toX + y + toZ * toZ);
}

/** Paints a row's pixels that `source` sees free of solids, unless an older one that is near enough, or a nearer one, has. */
function paintRow(source: Source, seen: Seen, rays: RowRays, canvas: Canvas): void {
  for (let column = 0; column < WIDTH; column++) {
    if (farness[column] <= FAR_SQUARED) continue;
    const farther = fartherAt(seen, rays, column);
    if (farther >= farness[column]) continue;
    const across = seen.across + column * seen.acrossStep;
    const above = seen.above + column * seen.aboveStep;
    const ahead = seen.ahead + column * seen.aheadStep;
    if (show(source, across, above, ahead, canvas, rays.row * WIDTH + column)) farness[column] = farther;
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

/**
 * Ground and sky of one frame, written from `base`; from the oldest source near enough: what was carried once was blurred once.
 * @param continued whether a source also stands for what it does not show, see continued.ts
 */
export function paintBackground(canvas: Canvas, camera: Camera, sources: readonly Source[], continued: boolean): void {
  for (let row = 0; row < HEIGHT; row++) {
    const rays = raysOf(camera, row);
    farness.fill(Infinity);
    for (const source of sources) {
      paintRow(source, seenBy(source, camera.eye, rays), rays, canvas);
      if (continued && rays.ground) continueGround(source, rays, camera.eye, canvas);
      else if (continued) continueSky(source, rays, canvas);
    }
    const last = sources[sources.length - 1];
    guessRow(last, seenBy(last, camera.eye, rays), row, canvas);
  }
}
