/** How far the edges of drawn pictures lie from where the walls and the camera model put them. */
import type { Pose } from "../../../lib/world/camera.ts";
import type { CameraModel } from "../../../lib/world/world.ts";

/** A point of the picture through which an edge should run, in pixels from its upper left corner, and the edge's normal. */
interface EdgePoint {
  column: number;
  row: number;
  normal: "across" | "down";
}

export interface Drawn {
  camera: CameraModel;
  pose: Pose;
  /** [height, width, 3] and [height, width] */
  frame: Uint8Array;
  depth: Float32Array;
}

/** Farther inside than shifts are tried, so that none leaves the picture. */
const MARGIN = 3;
const SHIFTS = Array.from({ length: 13 }, (_, i) => (i - 6) / 4);
/** An edge separates surfaces that differ in brightness, of 765, this far on its either side: lines in a texture do not count. */
const CONTRAST = 120;
const ASIDE = 2;
/** Neighbouring columns whose walls are so much farther apart show an edge between them. */
const JUMP = 1.3;
/** A ray that meets the wall, not floor or ceiling, is the deepest of its column. */
const wallDepths = ({ depth, camera: { width, height } }: Drawn): Float64Array =>
  Float64Array.from({ length: width }, (_, column) => {
    let deepest = 0;
    for (let row = 0; row < height; row++) deepest = Math.max(deepest, depth[row * width + column]);
    return deepest;
  });

/** Where walls meet the floor: eye heights below the horizon, which looking up shifts down. */
export function floorEdges(drawn: Drawn, eye: number): EdgePoint[] {
  const { camera, pose } = drawn;
  const horizon = camera.height / 2 + camera.focal * Math.tan(pose.pitch);
  return [...wallDepths(drawn)].flatMap((depth, column) => {
    const row = horizon + (camera.focal * eye) / depth;
    return row < camera.height - MARGIN ? [{ column: column + 0.5, row, normal: "down" as const }] : [];
  });
}

/** Where a near wall ends in front of a far one, on the picture's middle rows. */
export function cornerEdges(drawn: Drawn): EdgePoint[] {
  const { width, height } = drawn.camera;
  const depths = wallDepths(drawn);
  const points: EdgePoint[] = [];
  for (let column = MARGIN; column < width - MARGIN; column++) {
    const [left, right] = [depths[column - 1], depths[column]];
    if (Math.max(left, right) < JUMP * Math.min(left, right)) continue;
    for (let row = height / 2 - 6; row < height / 2 + 6; row++)
      points.push({ column, row: row + 0.5, normal: "across" });
  }
  return points;
}

/** Brightness at a point, pixels from the upper left corner, between pixels' centres linearly. */
export function brightness({ frame, camera: { width } }: Drawn, column: number, row: number): number {
  const [x, y] = [column - 0.5, row - 0.5];
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const at = (i: number, j: number): number => {
    const pixel = 3 * (j * width + i);
    return frame[pixel] + frame[pixel + 1] + frame[pixel + 2];
  };
  const along = (j: number): number => at(x0, j) * (x0 + 1 - x) + at(x0 + 1, j) * (x - x0);
  return along(y0) * (y0 + 1 - y) + along(y0 + 1) * (y - y0);
}

/** How much brightness differs this far before and behind a point that is shifted along its normal. */
function step(drawn: Drawn, { column, row, normal }: EdgePoint, shift: number, aside: number): number {
  const at = (offset: number): number =>
    normal === "across" ? brightness(drawn, column + offset, row) : brightness(drawn, column, row + offset);
  return Math.abs(at(shift + aside) - at(shift - aside));
}

/** The shift, in pixels along their normals, at which the drawn edges are sharpest on these points. */
export function sharpestShift(cases: readonly { drawn: Drawn; points: readonly EdgePoint[] }[]): number {
  const strengths = SHIFTS.map((shift) => {
    let sum = 0;
    for (const { drawn, points } of cases)
      for (const point of points) if (step(drawn, point, 0, ASIDE) > CONTRAST) sum += step(drawn, point, shift, 0.5);
    return sum;
  });
  const best = Math.min(Math.max(1, strengths.indexOf(Math.max(...strengths))), SHIFTS.length - 2);
  const [before, at, after] = strengths.slice(best - 1, best + 2);
  // The vertex of the parabola through three neighbours.
  return SHIFTS[best] + ((0.25 / 2) * (before - after)) / (before - 2 * at + after);
}
