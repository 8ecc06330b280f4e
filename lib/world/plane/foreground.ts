import type { Camera } from "../camera.ts";
import { FOCAL, HEIGHT, WIDTH } from "../config.ts";
import { type Hit, intersect, type Ray } from "./intersect.ts";
import type { Scene } from "./scene.ts";
import { shade } from "./shade.ts";
import { type Solid, solidsNear } from "./solids.ts";

/** Samples per pixel along each side. */
export const SAMPLES = 2;
/** Solids fade out from this distance on, and none is seen from `SIGHT` on. */
const FADE_NEAR = 6;
export const SIGHT = 9.5;
/** Solids whose bounding box comes nearer than this to the eye's plane may cover the whole picture. */
const NEAR_PLANE = 0.05;

const COLUMNS = WIDTH * SAMPLES;
const ROWS = HEIGHT * SAMPLES;
const depths = new Float32Array(COLUMNS * ROWS);
/** RGB of each sample and, last, how opaque its solid is. */
const samples = new Float32Array(COLUMNS * ROWS * 4);
const hit: Hit = { depth: 0, nx: 0, ny: 0, nz: 0, v: 0 };
const ray: Ray = { ox: 0, oy: 0, oz: 0, dx: 0, dy: 0, dz: 0 };

/** Half-open ranges of sample columns and rows. */
interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Tangents of half the angles of view. */
const ACROSS = WIDTH / 2 / FOCAL;
const DOWN = HEIGHT / 2 / FOCAL;

/** Does the sphere around a solid reach into the view? Most that stand beside the eye do not. */
function touchesView({ x, z, height, footprint }: Solid, { eye, right, up, forward }: Camera): boolean {
  const radius = Math.hypot(footprint, height / 2);
  const [dx, dy, dz] = [x - eye[0], height / 2 - eye[1], z - eye[2]];
  const along = (axis: readonly number[]): number => dx * axis[0] + dy * axis[1] + dz * axis[2];
  const depth = along(forward);
  // Distances from the planes through the eye and the picture's edges.
  const beside = (Math.abs(along(right)) - ACROSS * depth) / Math.hypot(1, ACROSS);
  const above = (Math.abs(along(up)) - DOWN * depth) / Math.hypot(1, DOWN);
  return beside < radius && above < radius;
}

/** The samples that a solid can cover, or null where it is out of view. */
function boundsOf(solid: Solid, camera: Camera): Box | null {
  const { eye, right, up, forward } = camera;
  let [left, rightmost, top, bottom, ahead] = [Infinity, -Infinity, Infinity, -Infinity, 0];
  for (let corner = 0; corner < 8; corner++) {
    const x = solid.x + (corner & 1 ? 1 : -1) * solid.footprint - eye[0];
    const y = (corner & 2 ? solid.height : 0) - eye[1];
    const z = solid.z + (corner & 4 ? 1 : -1) * solid.footprint - eye[2];
    const depth = x * forward[0] + y * forward[1] + z * forward[2];
    if (depth < NEAR_PLANE) continue;
    ahead++;
    const column = ((x * right[0] + z * right[2]) / depth) * FOCAL + WIDTH / 2;
    const row = HEIGHT / 2 - ((x * up[0] + y * up[1] + z * up[2]) / depth) * FOCAL;
    left = Math.min(left, column);
    rightmost = Math.max(rightmost, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  if (ahead === 0) return null;
  if (ahead < 8) return touchesView(solid, camera) ? { left: 0, right: COLUMNS, top: 0, bottom: ROWS } : null;
  const box = {
    left: Math.max(0, Math.floor(left * SAMPLES)),
    right: Math.min(COLUMNS, Math.ceil(rightmost * SAMPLES)),
    top: Math.max(0, Math.floor(top * SAMPLES)),
    bottom: Math.min(ROWS, Math.ceil(bottom * SAMPLES)),
  };
  return box.left < box.right && box.top < box.bottom ? box : null;
}

/** A world vector in the axes of a solid turned by `turn` about the vertical. */
function intoSolid([x, y, z]: readonly number[], sine: number, cosine: number): [number, number, number] {
  return [x * cosine - z * sine, y, x * sine + z * cosine];
}

function drawSolid(solid: Solid, scene: Scene, camera: Camera, box: Box, opacity: number): void {
  const [sine, cosine] = [Math.sin(solid.turn), Math.cos(solid.turn)];
  const eye = intoSolid([camera.eye[0] - solid.x, camera.eye[1], camera.eye[2] - solid.z], sine, cosine);
  const [f, r, u] = [camera.forward, camera.right, camera.up].map((axis) => intoSolid(axis, sine, cosine));
  const sun = intoSolid(scene.sun, sine, cosine);
  [ray.ox, ray.oy, ray.oz] = eye;
  for (let row = box.top; row < box.bottom; row++) {
    const b = (HEIGHT / 2 - (row + 0.5) / SAMPLES) / FOCAL;
    const [upX, upY, upZ] = [b * u[0], b * u[1], b * u[2]];
    for (let column = box.left; column < box.right; column++) {
      const a = ((column + 0.5) / SAMPLES - WIDTH / 2) / FOCAL;
      ray.dx = f[0] + a * r[0] + upX;
      ray.dy = f[1] + a * r[1] + upY;
      ray.dz = f[2] + a * r[2] + upZ;
      const at = row * COLUMNS + column;
      if (!intersect(solid.kind, ray, solid.size, solid.height, hit) || hit.depth >= depths[at]) continue;
      depths[at] = hit.depth;
      shade(solid, hit, sun, samples, at * 4);
      samples[at * 4 + 3] = opacity;
    }
  }
}

/** Averages the samples of each pixel in the box over what `picture` ([HEIGHT, WIDTH, 3]) already shows. */
function resolve(picture: Float32Array, { left, right, top, bottom }: Box): void {
  const [first, last] = [Math.floor(left / SAMPLES), Math.ceil(right / SAMPLES)];
  for (let py = Math.floor(top / SAMPLES); py < Math.ceil(bottom / SAMPLES); py++) {
    for (let px = first; px < last; px++) resolvePixel(picture, (py * WIDTH + px) * 3, (py * COLUMNS + px) * SAMPLES);
  }
}

function resolvePixel(picture: Float32Array, at: number, first: number): void {
  let [red, green, blue, covered] = [0, 0, 0, 0];
  for (let j = 0; j < SAMPLES; j++) {
    for (let s = first + j * COLUMNS; s < first + j * COLUMNS + SAMPLES; s++) {
      if (depths[s] === Infinity) continue;
      const weight = samples[s * 4 + 3] / (SAMPLES * SAMPLES);
      covered += weight;
      red += weight * samples[s * 4];
      green += weight * samples[s * 4 + 1];
      blue += weight * samples[s * 4 + 2];
    }
  }
  if (covered === 0) return;
  picture[at] = picture[at] * (1 - covered) + red;
  picture[at + 1] = picture[at + 1] * (1 - covered) + green;
  picture[at + 2] = picture[at + 2] * (1 - covered) + blue;
}

/** Draws the scene's solids over the background in `picture` ([HEIGHT, WIDTH, 3], 0..255). */
export function paintSolids(scene: Scene, camera: Camera, picture: Float32Array): void {
  depths.fill(Infinity);
  const touched: Box = { left: COLUMNS, right: 0, top: ROWS, bottom: 0 };
  for (const solid of solidsNear(scene, camera.eye[0], camera.eye[2], SIGHT)) {
    const box = boundsOf(solid, camera);
    if (!box) continue;
    const distance = Math.hypot(solid.x - camera.eye[0], solid.z - camera.eye[2]);
    const opacity = Math.min(1, (SIGHT - distance) / (SIGHT - FADE_NEAR));
    drawSolid(solid, scene, camera, box, opacity);
    touched.left = Math.min(touched.left, box.left);
    touched.right = Math.max(touched.right, box.right);
    touched.top = Math.min(touched.top, box.top);
    touched.bottom = Math.max(touched.bottom, box.bottom);
  }
  resolve(picture, touched);
}

/** Depth along the view of the nearest solid at each pixel, [HEIGHT * WIDTH]; Infinity where solids cover less than half of it. */
export function solidDepths(scene: Scene, camera: Camera): Float32Array {
  paintSolids(scene, camera, new Float32Array(HEIGHT * WIDTH * 3));
  return Float32Array.from({ length: HEIGHT * WIDTH }, (_, pixel) => {
    const first = (Math.floor(pixel / WIDTH) * COLUMNS + (pixel % WIDTH)) * SAMPLES;
    const inPixel = [0, 1].flatMap((j) => [0, 1].map((i) => depths[first + j * COLUMNS + i]));
    return inPixel.sort((a, b) => a - b)[1];
  });
}
