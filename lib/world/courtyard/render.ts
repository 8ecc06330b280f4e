/** True pictures of the courtyard: one ray a pixel, and four more where neighbouring pixels show different surfaces. */
import { type Axes, axesAt } from "../axes.ts";
import type { Pose } from "../camera.ts";
import type { CameraModel } from "../world.ts";
import { cast, type Hit } from "./cast.ts";
import type { Box } from "./furniture.ts";

/** Offsets of the four rays of an edge's pixel from its centre, pixels. */
const CORNERS = [
  [-0.25, -0.25],
  [0.25, -0.25],
  [-0.25, 0.25],
  [0.25, 0.25],
] as const;

/** Writes the ray through a point of the picture (pixels from its centre) and its hit. */
function castPixel(boxes: readonly Box[], pose: Pose, { right, up, forward }: Axes, a: number, b: number, hit: Hit) {
  const dx = forward[0] + a * right[0] - b * up[0];
  const dy = forward[1] + a * right[1] - b * up[1];
  const dz = forward[2] + a * right[2] - b * up[2];
  cast(boxes, pose.x, pose.z, dx, dy, dz, hit);
}

/** Surfaces at all pixels' centres into `surfaces`, and where given their depths: a ray's length along the forward axis is 1. */
function castCentres(
  boxes: readonly Box[],
  pose: Pose,
  { width, height, focal }: CameraModel,
  surfaces: Uint8Array,
  depths?: Float32Array,
): void {
  const camera = axesAt(pose);
  const hit: Hit = { surface: 0, distance: 0 };
  for (let row = 0, i = 0; row < height; row++)
    for (let column = 0; column < width; column++, i++) {
      castPixel(boxes, pose, camera, (column + 0.5 - width / 2) / focal, (row + 0.5 - height / 2) / focal, hit);
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
  const camera = axesAt(pose);
  const surfaces = new Uint8Array(width * height);
  castCentres(boxes, pose, model, surfaces);
  const hit: Hit = { surface: 0, distance: 0 };
  for (let i = 0; i < surfaces.length; i++) {
    let [red, green, blue] = [0, 0, 0];
    const add = (surface: number, weight: number): void => {
      red += weight * colours[3 * surface];
      green += weight * colours[3 * surface + 1];
      blue += weight * colours[3 * surface + 2];
    };
    if (!isEdge(surfaces, i, width, height)) add(surfaces[i], 1);
    else
      for (const [dx, dy] of CORNERS) {
        const a = ((i % width) + 0.5 + dx - width / 2) / focal;
        castPixel(boxes, pose, camera, a, (Math.floor(i / width) + 0.5 + dy - height / 2) / focal, hit);
        add(hit.surface, 0.25);
      }
    out[3 * i] = red + 0.5;
    out[3 * i + 1] = green + 0.5;
    out[3 * i + 2] = blue + 0.5;
  }
}

/** Depth of every pixel's centre along the forward axis, [height, width], into `out`. */
export function renderDepth(boxes: readonly Box[], pose: Pose, model: CameraModel, out: Float32Array): void {
  castCentres(boxes, pose, model, new Uint8Array(model.width * model.height), out);
}
