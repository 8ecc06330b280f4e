/** True pictures of the courtyard: one ray a pixel, and four more where neighbouring pixels show different surfaces. */
import { type Axes, axesAt } from "../axes.ts";
import type { Pose } from "../camera.ts";
import type { CameraModel } from "../world.ts";
import { castBox, castYard, type Hit } from "./cast.ts";
import type { Box } from "./furniture.ts";
import { EYE } from "./yard.ts";

/** Offsets of the four rays of an edge's pixel from its centre, pixels. */
const CORNERS = [
  [-0.25, -0.25],
  [0.25, -0.25],
  [-0.25, 0.25],
  [0.25, 0.25],
] as const;

/** Where a box can be seen: bounds of a and b, the picture's coordinates at depth 1, rightward and downward. */
interface Bounds {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

const EVERYWHERE: Bounds = { fromA: -Infinity, toA: Infinity, fromB: -Infinity, toB: Infinity };
/** Corners nearer than this, or behind the eye, bound nothing. */
const NEAR = 0.05;
/** Far above rounding, far below a pixel. */
const MARGIN = 1e-6;

/** Bounds of a box's eight corners: a ray outside of them misses it. */
function boundsOf(box: Box, { x, z }: Pose, { right, up, forward }: Axes): Bounds {
  let [fromA, toA, fromB, toB] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const cx = box.x + (corner & 1 ? box.halfX : -box.halfX) - x;
    const cz = box.z + (corner & 2 ? box.halfZ : -box.halfZ) - z;
    const cy = (corner & 4 ? box.height : 0) - EYE;
    const depth = forward[0] * cx + forward[1] * cy + forward[2] * cz;
    if (depth < NEAR) return EVERYWHERE;
    const a = (right[0] * cx + right[1] * cy + right[2] * cz) / depth;
    const b = -(up[0] * cx + up[1] * cy + up[2] * cz) / depth;
    [fromA, toA] = [Math.min(fromA, a), Math.max(toA, a)];
    [fromB, toB] = [Math.min(fromB, b), Math.max(toB, b)];
  }
  return { fromA: fromA - MARGIN, toA: toA + MARGIN, fromB: fromB - MARGIN, toB: toB + MARGIN };
}

/** Casts the ray through a point of the picture (at depth 1: `a` rightward, `b` downward) into a hit. */
type Caster = (a: number, b: number, hit: Hit) => void;

function casterAt(boxes: readonly Box[], pose: Pose): Caster {
  const axes = axesAt(pose);
  const { right, up, forward } = axes;
  const bounds = boxes.map((box) => boundsOf(box, pose, axes));
  return (a, b, hit) => {
    const dx = forward[0] + a * right[0] - b * up[0];
    const dy = forward[1] + a * right[1] - b * up[1];
    const dz = forward[2] + a * right[2] - b * up[2];
    castYard(pose.x, pose.z, dx, dy, dz, hit);
    for (let k = 0; k < boxes.length; k++) {
      const { fromA, toA, fromB, toB } = bounds[k];
      if (a >= fromA && a <= toA && b >= fromB && b <= toB) castBox(boxes[k], k, pose.x, pose.z, dx, dy, dz, hit);
    }
  };
}

/** Surfaces at all pixels' centres into `surfaces`, and where given their depths: a ray's length along the forward axis is 1. */
function castCentres(
  castAt: Caster,
  { width, height, focal }: CameraModel,
  surfaces: Uint8Array,
  depths?: Float32Array,
): void {
  const hit: Hit = { surface: 0, distance: 0 };
  for (let row = 0, i = 0; row < height; row++)
    for (let column = 0; column < width; column++, i++) {
      castAt((column + 0.5 - width / 2) / focal, (row + 0.5 - height / 2) / focal, hit);
      surfaces[i] = hit.surface;
      if (depths) depths[i] = hit.distance;
    }
}

/** Does a pixel's surface differ from one of its neighbours'? */
function isEdge(surfaces: Uint8Array, i: number, width: number, height: number): boolean {
  const own = surfaces[i];
  const column = i % width;
  return (
    (column > 0 && surfaces[i - 1] !== own) ||
    (column < width - 1 && surfaces[i + 1] !== own) ||
    (i >= width && surfaces[i - width] !== own) ||
    (i < width * (height - 1) && surfaces[i + width] !== own)
  );
}

/** One picture, [height, width, 3], into `out`. @param colours of the level's surfaces, see `paints` */
export function renderFrame(
  boxes: readonly Box[],
  colours: Float64Array,
  pose: Pose,
  model: CameraModel,
  out: Uint8Array,
): void {
  const { width, height, focal } = model;
  const castAt = casterAt(boxes, pose);
  const surfaces = new Uint8Array(width * height);
  castCentres(castAt, model, surfaces);
  const hit: Hit = { surface: 0, distance: 0 };
  const seen = new Uint8Array(CORNERS.length);
  for (let i = 0; i < surfaces.length; i++) {
    if (isEdge(surfaces, i, width, height))
      for (let corner = 0; corner < seen.length; corner++) {
        const [dx, dy] = CORNERS[corner];
        const a = ((i % width) + 0.5 + dx - width / 2) / focal;
        castAt(a, (Math.floor(i / width) + 0.5 + dy - height / 2) / focal, hit);
        seen[corner] = hit.surface;
      }
    else seen.fill(surfaces[i]);
    for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let corner = 0; corner < seen.length; corner++) sum += 0.25 * colours[3 * seen[corner] + k];
      out[3 * i + k] = sum + 0.5;
    }
  }
}

/** Depth of every pixel's centre along the forward axis, [height, width], into `out`. */
export function renderDepth(boxes: readonly Box[], pose: Pose, model: CameraModel, out: Float32Array): void {
  castCentres(casterAt(boxes, pose), model, new Uint8Array(model.width * model.height), out);
}
