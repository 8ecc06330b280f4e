/** A known picture, made ready to be looked at from elsewhere. */
import { type Camera, cameraAt, type Pose } from "../../world/camera.ts";
import { FOCAL, HEIGHT, WIDTH } from "../../world/config.ts";
import { goalsOf } from "./goals.ts";

/** A picture, [48, 80, 3] bytes, and where it was taken. */
export interface Sight {
  picture: Uint8Array;
  pose: Pose;
  /** Depth along the view of the solid at each pixel, [48 * 80]; Infinity where there is none. */
  depths: Float32Array;
}

/** A sight, the numbers of its camera, and the pixels of its solids as points in the world. */
export interface Source {
  picture: Uint8Array;
  depths: Float32Array;
  x: number;
  z: number;
  right: Camera["right"];
  up: Camera["up"];
  forward: Camera["forward"];
  /** Pixels that show solids. */
  solid: Int32Array;
  /** Where these are, x, y, z each. */
  points: Float32Array;
  /** The picture in [-1, 1], every solid's pixel in the colour of the nearest free one in its row. */
  background: Float32Array;
  /** 1 where a pixel, its right and its lower neighbours show no solid. */
  clear: Uint8Array;
  /** Where in it alike ground is looked for, see goals.ts. */
  goals: Float64Array;
}

/** A source that is at most so much farther from what it shows than the new camera is has details enough. */
export const FAR = 1.4;

/** A sight serves many clips and motions. */
const known = new WeakMap<Sight, Source>();

export function sourceOf(sight: Sight): Source {
  const source = known.get(sight) ?? makeSource(sight);
  known.set(sight, source);
  return source;
}

function makeSource({ picture, pose, depths }: Sight): Source {
  const { eye, right, up, forward } = cameraAt(pose);
  const solid = pixelsOfSolids(depths);
  const points = new Float32Array(3 * solid.length);
  solid.forEach((pixel, i) => {
    const a = ((pixel % WIDTH) + 0.5 - WIDTH / 2) / FOCAL;
    const b = (HEIGHT / 2 - Math.floor(pixel / WIDTH) - 0.5) / FOCAL;
    for (let k = 0; k < 3; k++) points[3 * i + k] = eye[k] + depths[pixel] * (forward[k] + a * right[k] + b * up[k]);
  });
  const { x, z } = pose;
  const behind = nearestFree(depths);
  const background = new Float32Array(picture.length);
  for (let pixel = 0; pixel < behind.length; pixel++)
    for (let k = 0; k < 3; k++) background[3 * pixel + k] = picture[3 * behind[pixel] + k] / 127.5 - 1;
  return {
    picture,
    depths,
    x,
    z,
    right,
    up,
    forward,
    solid,
    points,
    background,
    clear: clearPixels(depths),
    goals: goalsOf(forward),
  };
}

function pixelsOfSolids(depths: Float32Array): Int32Array {
  const pixels = new Int32Array(depths.length);
  let count = 0;
  for (let pixel = 0; pixel < depths.length; pixel++) if (depths[pixel] < Infinity) pixels[count++] = pixel;
  return pixels.slice(0, count);
}

function clearPixels(depths: Float32Array): Uint8Array {
  const clear = new Uint8Array(depths.length);
  for (let pixel = 0; pixel + WIDTH + 1 < depths.length; pixel++) {
    const upper = depths[pixel] === Infinity && depths[pixel + 1] === Infinity;
    clear[pixel] = upper && depths[pixel + WIDTH] === Infinity && depths[pixel + WIDTH + 1] === Infinity ? 1 : 0;
  }
  return clear;
}

/** For every pixel the nearest one of its row that shows no solid and is not at the edge of one; itself where there is none. */
function nearestFree(depths: Float32Array): Int32Array {
  const nearest = new Int32Array(depths.length);
  for (let pixel = 0; pixel < depths.length; pixel++)
    nearest[pixel] = depths[pixel] === Infinity ? pixel : freeBeside(depths, pixel);
  return nearest;
}

function freeBeside(depths: Float32Array, pixel: number): number {
  const column = pixel % WIDTH;
  for (let k = 1; k < WIDTH; k++) {
    if (column - k >= 0 && isFree(depths, pixel - k, column - k)) return pixel - k;
    if (column + k < WIDTH && isFree(depths, pixel + k, column + k)) return pixel + k;
  }
  return pixel;
}

const isFree = (depths: Float32Array, pixel: number, column: number): boolean =>
  depths[pixel] === Infinity &&
  (column === 0 || depths[pixel - 1] === Infinity) &&
  (column === WIDTH - 1 || depths[pixel + 1] === Infinity);
