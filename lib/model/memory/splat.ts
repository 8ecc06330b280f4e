/**
 * What known pictures show from another pose: their pixels as points in space, by depths that a network reads from the
 * pictures, seen from there (point-based memory as in Spatia, arXiv 2512.15716, and WorldWarp, with a depth for every pixel).
 * Nothing is known here of what worlds are made of.
 */
import { directionOf, projector, type Seen } from "../../world/axes.ts";
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
  readonly known: Uint8Array;
}

/** A source agrees with a point where its own depth there differs by less than this share. */
const AGREEMENT = 0.08;
/** Points nearer than this are not drawn. */
const NEAR = 1e-2;

/** Depths as seen from `pose`, from all pictures, nearest first; Infinity where there are none. */
function depthsAt(pictures: readonly PosedPicture[], pose: Pose, camera: CameraModel): Float32Array {
  const { width, height } = camera;
  const out = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  const project = projector(camera, pose);
  const seen: Seen = { across: 0, down: 0, depth: 0 };
  for (const { depth, pose: from } of pictures) {
    const [ox, oz] = [from.x - pose.x, from.z - pose.z];
    for (let row = 0, i = 0; row < height; row++)
      for (let column = 0; column < width; column++, i++) {
        const [dx, dy, dz] = directionOf(camera, from, column + 0.5 - width / 2, row + 0.5 - height / 2);
        project(ox + depth[i] * dx, depth[i] * dy, oz + depth[i] * dz, seen);
        if (seen.depth > NEAR) draw(out, seen, depth[i] / seen.depth, camera);
      }
  }
  return out;
}

/** Draws a point as the square that a source's pixel covers there, 1 to 3 pixels wide. @param size of it in pixels */
function draw(out: Float32Array, { across, down, depth }: Seen, size: number, { width, height }: CameraModel): void {
  const reach = Math.min(1.5, Math.max(0.5, size / 2 + 0.25));
  const [x, y] = [across + width / 2 - 0.5, down + height / 2 - 0.5];
  const [left, right] = [Math.max(0, Math.ceil(x - reach)), Math.min(width - 1, Math.floor(x + reach))];
  const [top, bottom] = [Math.max(0, Math.ceil(y - reach)), Math.min(height - 1, Math.floor(y + reach))];
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      const i = row * width + column;
      if (depth < out[i]) out[i] = depth;
    }
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
  const known = new Uint8Array(width * height);
  const depths = depthsAt(pictures, pose, camera);
  const sources = pictures.map((source) => ({ ...source, project: projector(camera, source.pose) }));
  const seen: Seen = { across: 0, down: 0, depth: 0 };
  for (let i = 0; i < depths.length; i++) {
    if (depths[i] === Number.POSITIVE_INFINITY) continue;
    const [across, down] = [(i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2];
    const [dx, dy, dz] = directionOf(camera, pose, across, down);
    for (const { picture: from, depth, pose: at, project } of sources) {
      project(pose.x - at.x + depths[i] * dx, depths[i] * dy, pose.z - at.z + depths[i] * dz, seen);
      const [x, y] = [seen.across + width / 2 - 0.5, seen.down + height / 2 - 0.5];
      const inside = seen.depth > NEAR && x > -0.5 && y > -0.5 && x < width - 0.5 && y < height - 0.5;
      if (!inside) continue;
      const own = depth[Math.round(Math.max(0, y)) * width + Math.round(Math.max(0, x))];
      if (Math.abs(own - seen.depth) > AGREEMENT * seen.depth) continue;
      sample(from, x, y, camera, picture, 3 * i);
      known[i] = 1;
      break;
    }
  }
  return { picture, known };
}
