/**
 * What known pictures show from another pose: their pixels as points in space, by depths that a network reads from the
 * pictures, seen from there (point-based memory as in Spatia, arXiv 2512.15716, and WorldWarp, with a depth for every pixel).
 * Nothing is known here of what worlds are made of.
 */
import { director, type ProjectedPoint, projector } from "../../world/axes.ts";
import type { Pose } from "../../world/camera.ts";
import type { CameraModel } from "../../world/world.ts";

/** A picture with the depth of every pixel. */
export interface PosedPicture {
  /** [height, width, 3] bytes. */
  readonly picture: Uint8Array;
  /** Along the forward axis, world units; as `Level.depth`. [height, width] */
  readonly depth: Float32Array;
  readonly pose: Pose;
}

export interface Splatted {
  /** [height, width, 3]; black where nothing is known. */
  readonly picture: Uint8Array;
  /** 1 where a picture shows what is seen there, else 0. [height, width] */
  readonly visible: Uint8Array;
}

/** A source agrees with a point where its own nearness (1 / depth) there differs by less than this share. */
const AGREEMENT = 0.08;
/** Nearness below which all is equally far, per world unit: skies. */
const FAR = 1e-3;
/** Points nearer than this are not drawn. */
const NEAR = 1e-2;

/** Depths as seen from `pose`, from all pictures, the nearest at each pixel; Infinity where there are none. */
function depthsAt(pictures: readonly PosedPicture[], pose: Pose, camera: CameraModel): Float32Array {
  const { width, height } = camera;
  const out = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  const project = projector(camera, pose);
  const seen: ProjectedPoint = { across: 0, down: 0, depth: 0 };
  for (const { depth, pose: from } of pictures) {
    const [ox, oz] = [from.x - pose.x, from.z - pose.z];
    const directed = director(camera, from);
    for (let row = 0, i = 0; row < height; row++)
      for (let column = 0; column < width; column++, i++) {
        const [dx, dy, dz] = directed(column + 0.5 - width / 2, row + 0.5 - height / 2);
        project(ox + depth[i] * dx, depth[i] * dy, oz + depth[i] * dz, seen);
        if (seen.depth > NEAR) put(out, seen, camera);
      }
  }
  return mended(out, camera);
}

/** Puts a point on the pixel in which it lies, if nothing nearer is there. */
function put(out: Float32Array, { across, down, depth }: ProjectedPoint, { width, height }: CameraModel): void {
  const [column, row] = [Math.floor(across + width / 2), Math.floor(down + height / 2)];
  if (column < 0 || row < 0 || column >= width || row >= height) return;
  const i = row * width + column;
  if (depth < out[i]) out[i] = depth;
}

/** Neighbours that must be known for a gap between spread points to be closed. */
const ENOUGH = 3;

/** Gaps between points that the change of view has spread take the mean depth of their neighbours. */
function mended(depths: Float32Array, { width, height }: CameraModel): Float32Array {
  return depths.map((depth, i) => {
    if (depth !== Number.POSITIVE_INFINITY) return depth;
    const [column, row] = [i % width, Math.floor(i / width)];
    let [sum, count] = [0, 0];
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        const near = depths[y * width + x];
        if (near !== Number.POSITIVE_INFINITY) [sum, count] = [sum + near, count + 1];
      }
    return count >= ENOUGH ? sum / count : depth;
  });
}

/** Bilinear sample of a picture at pixel coordinates into `out` at `at`. */
function sample(
  picture: Uint8Array,
  x: number,
  y: number,
  { width, height }: CameraModel,
  out: Uint8Array,
  at: number,
) {
  const [u, v] = [Math.max(0, Math.min(width - 1, x)), Math.max(0, Math.min(height - 1, y))];
  const [left, top] = [Math.min(width - 2, Math.floor(u)), Math.min(height - 2, Math.floor(v))];
  const [a, b] = [u - left, v - top];
  const first = 3 * (top * width + left);
  for (let k = 0; k < 3; k++) {
    const upper = (1 - a) * picture[first + k] + a * picture[first + 3 + k];
    const lower = (1 - a) * picture[first + 3 * width + k] + a * picture[first + 3 * width + 3 + k];
    out[at + k] = (1 - b) * upper + b * lower + 0.5;
  }
}

/**
 * @param pictures of one place, the most trusted first: where several show a point, the first does
 * @param pose where they are seen from
 */
export function splat(pictures: readonly PosedPicture[], pose: Pose, camera: CameraModel): Splatted {
  const { width, height } = camera;
  const picture = new Uint8Array(3 * width * height);
  const visible = new Uint8Array(width * height);
  const depths = depthsAt(pictures, pose, camera);
  const sources = pictures.map((source) => ({ ...source, project: projector(camera, source.pose) }));
  const directed = director(camera, pose);
  const seen: ProjectedPoint = { across: 0, down: 0, depth: 0 };
  for (let i = 0; i < depths.length; i++) {
    if (depths[i] === Number.POSITIVE_INFINITY) continue;
    const [across, down] = [(i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2];
    const [dx, dy, dz] = directed(across, down);
    for (const { picture: from, depth, pose: at, project } of sources) {
      project(pose.x - at.x + depths[i] * dx, depths[i] * dy, pose.z - at.z + depths[i] * dz, seen);
      const [x, y] = [seen.across + width / 2 - 0.5, seen.down + height / 2 - 0.5];
      const inside = seen.depth > NEAR && x > -0.5 && y > -0.5 && x < width - 0.5 && y < height - 0.5;
      if (!inside) continue;
      const own = depth[Math.round(Math.max(0, y)) * width + Math.round(Math.max(0, x))];
      const nearness = 1 / seen.depth;
      if (Math.abs(1 / own - nearness) > AGREEMENT * Math.max(nearness, FAR)) continue;
      sample(from, x, y, camera, picture, 3 * i);
      visible[i] = 1;
      break;
    }
  }
  return { picture, visible };
}
