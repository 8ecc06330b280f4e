/**
 * What a motion of the camera would make of pictures that are known. Ground and far scenery: every pixel of the clip to come
 * looks up its ground point, or its direction above the horizon, in the last picture, and where that does not show it, in a
 * remembered one. Solids: every pixel that shows one, by its depth (lib/depth), is drawn where the new camera sees it, nearer
 * ones over farther ones. So the network need neither shift a ground pattern by parts of a cell nor turn solids, but is left
 * with what no picture shows (a 3-D cache as a condition: GEN3C, arXiv 2503.03751).
 */
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, TOKENISER } from "../tokeniser/config.ts";
import { type Camera, cameraAt, type Pose } from "../world/camera.ts";
import { EYE_HEIGHT, FOCAL, FRAMES_PER_LATENT, HEIGHT, WIDTH } from "../world/config.ts";
import type { LatentPath } from "./condition.ts";
import { CLIP_CELLS, CLIP_LATENTS, LATENT_CELLS, PATCH, TOKEN_COLUMNS } from "./config.ts";

/** A picture, [48, 80, 3] bytes, and where it was taken. */
export interface Sight {
  picture: Uint8Array;
  pose: Pose;
  /** Depth along the view of the solid at each pixel, [48 * 80]; Infinity where there is none. */
  depths: Float32Array;
}

/** A clip as it would look. */
export interface CarriedClip {
  /** Folded groups of its four latents, [4, 12, 20, 192] in [-1, 1]; what no picture shows is filled from the nearest place. */
  groups: Float32Array;
  /** Of each cell, in the order of the tokens: the share of its pixels that a picture shows, 0..1. [240] */
  known: Float32Array;
}

/** Side of a cell in pixels. */
const SIDE = TOKENISER.frameWidth / TOKENISER.latentWidth;
/** Rays that fall less than this meet no ground within reach. */
const LEVEL = 0.02;
const GROUP_SIZE = FOLDED_HEIGHT * FOLDED_WIDTH * FOLDED_CHANNELS;
/** What one pixel adds to the known share of its cell. */
const PIXEL_SHARE = 1 / (FRAMES_PER_LATENT * SIDE * SIDE);

const { fold } = TOKENISER;
const ofPixels = (value: (row: number, column: number) => number): Int32Array =>
  Int32Array.from({ length: HEIGHT * WIDTH }, (_, pixel) => value(Math.floor(pixel / WIDTH), pixel % WIDTH));

/** Where a pixel of a latent's first frame stands in the folded group; see tokeniser/fold.ts. */
const PLACES = ofPixels((row, column) => {
  const place = Math.floor(row / fold) * FOLDED_WIDTH + Math.floor(column / fold);
  return place * FOLDED_CHANNELS + ((row % fold) * fold + (column % fold)) * 3;
});
/** From one frame of a group to the next. */
const FRAME_STRIDE = fold * fold * 3;

/** The cell of a pixel; cells go token by token. */
const CELLS = ofPixels((row, column) => {
  const [down, across] = [Math.floor(row / SIDE), Math.floor(column / SIDE)];
  const token = Math.floor(down / PATCH) * TOKEN_COLUMNS + Math.floor(across / PATCH);
  return token * PATCH * PATCH + (down % PATCH) * PATCH + (across % PATCH);
});

/** The camera between the ends of a latent's path. */
function poseAt({ start, end }: LatentPath, share: number): Pose {
  return {
    x: start.x + share * (end.x - start.x),
    z: start.z + share * (end.z - start.z),
    yaw: start.yaw + share * (end.yaw - start.yaw),
    pitch: start.pitch + share * (end.pitch - start.pitch),
  };
}

/** A sight, the numbers of its camera, and the pixels of its solids as points in the world. */
interface Source {
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
}

/** A sight serves many clips and motions. */
const known = new WeakMap<Sight, Source>();

function sourceOf({ picture, pose, depths }: Sight): Source {
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
  return { picture, depths, x, z, right, up, forward, solid, points, background, clear: clearPixels(depths) };
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

/** Of one frame's pixels: whether any source shows it, the depth of the solid that is drawn there, and that one's rank. */
const isShown = new Uint8Array(HEIGHT * WIDTH);
const drawn = new Float32Array(HEIGHT * WIDTH);
const ranks = new Uint8Array(HEIGHT * WIDTH);

/** A source that is at most so much farther from what it shows than the new camera is has details enough. */
const FAR = 1.4;
const FAR_SQUARED = FAR * FAR;

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
function paintRow(source: Source, seen: Seen, rays: RowRays, groups: Float32Array, base: number): void {
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
function guessRow(source: Source, seen: Seen, row: number, groups: Float32Array, base: number): void {
  for (let column = 0; column < WIDTH; column++) {
    isShown[row * WIDTH + column] = farness[column] < Infinity ? 1 : 0;
    if (farness[column] < Infinity) continue;
    const perDepth = FOCAL / Math.max(FRONT, seen.ahead + column * seen.aheadStep);
    const u = (seen.across + column * seen.acrossStep) * perDepth + (WIDTH / 2 - 0.5);
    const v = HEIGHT / 2 - 0.5 - (seen.above + column * seen.aboveStep) * perDepth;
    guess(source, clamp(u, WIDTH - 1), clamp(v, HEIGHT - 1), groups, base + PLACES[row * WIDTH + column]);
  }
}

/** Ground and sky of one frame, written from `base`; from the oldest source near enough: what was carried once was blurred once. */
function paintBackground(groups: Float32Array, base: number, camera: Camera, sources: readonly Source[]): void {
  for (let row = 0; row < HEIGHT; row++) {
    const rays = raysOf(camera, row);
    farness.fill(Infinity);
    for (const source of sources) paintRow(source, seenBy(source, camera.eye, rays), rays, groups, base);
    const last = sources[sources.length - 1];
    guessRow(last, seenBy(last, camera.eye, rays), row, groups, base);
  }
}

/** A pixel's square, seen from nearer, grows; a little more closes the seams. */
const HALF_PIXEL = 0.5;
const SEAM = 0.12;
/** Nothing is drawn that is nearer than this. */
const NEAREST = 0.1;

/** Solids whose depths differ by less than this share are taken for the same. */
const SAME = 0.3;

/** Solids of one source: squares as large as their pixels are from the new camera. */
function paintSolids(groups: Float32Array, base: number, camera: Camera, sources: readonly Source[], i: number): void {
  const { eye, right, up, forward } = camera;
  const { picture, depths, solid, points } = sources[i];
  for (let n = 0; n < solid.length; n++) {
    const x = points[3 * n] - eye[0];
    const y = points[3 * n + 1] - eye[1];
    const z = points[3 * n + 2] - eye[2];
    const depth = x * forward[0] + y * forward[1] + z * forward[2];
    if (depth < NEAREST) continue;
    const u = (FOCAL * (x * right[0] + z * right[2])) / depth + WIDTH / 2 - 0.5;
    const v = HEIGHT / 2 - 0.5 - (FOCAL * (x * up[0] + y * up[1] + z * up[2])) / depth;
    const farther = depths[solid[n]] / depth;
    const half = HALF_PIXEL * farther + SEAM;
    const rank = farther <= FAR ? i : i + sources.length;
    const top = Math.max(0, Math.ceil(v - half));
    const bottom = Math.min(HEIGHT - 1, Math.floor(v + half));
    const left = Math.max(0, Math.ceil(u - half));
    const rightmost = Math.min(WIDTH - 1, Math.floor(u + half));
    for (let row = top; row <= bottom; row++)
      for (let pixel = row * WIDTH + left; pixel <= row * WIDTH + rightmost; pixel++) {
        const before = drawn[pixel];
        const same = before < Infinity && Math.abs(before - depth) < SAME * depth;
        if (same ? rank > ranks[pixel] || (rank === ranks[pixel] && depth >= before) : depth >= before) continue;
        drawn[pixel] = depth;
        ranks[pixel] = rank;
        isShown[pixel] = 1;
        const from = 3 * solid[n];
        const at = base + PLACES[pixel];
        for (let k = 0; k < 3; k++) groups[at + k] = picture[from + k] / 127.5 - 1;
      }
  }
}

/**
 * @param path four latents
 * @param sights oldest first; at least one, the last that of the moment before
 */
export function carry(path: readonly LatentPath[], sights: readonly Sight[]): CarriedClip {
  const clip = { groups: new Float32Array(CLIP_LATENTS * GROUP_SIZE), known: new Float32Array(CLIP_CELLS) };
  const sources = sights.map((sight) => {
    const source = known.get(sight) ?? sourceOf(sight);
    known.set(sight, source);
    return source;
  });
  let painted: { pose: Pose; base: number } | undefined;
  path.forEach((latent, i) => {
    for (let frame = 0; frame < FRAMES_PER_LATENT; frame++) {
      const pose = poseAt(latent, (frame + 1) / FRAMES_PER_LATENT);
      const base = i * GROUP_SIZE + frame * FRAME_STRIDE;
      if (painted && samePose(painted.pose, pose)) copyFrame(clip.groups, painted.base, base);
      else paintFrame(clip.groups, base, cameraAt(pose), sources);
      painted = { pose, base };
      for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++)
        if (isShown[pixel] === 1) clip.known[i * LATENT_CELLS + CELLS[pixel]] += PIXEL_SHARE;
    }
  });
  return clip;
}

function paintFrame(groups: Float32Array, base: number, camera: Camera, sources: readonly Source[]): void {
  paintBackground(groups, base, camera, sources);
  drawn.fill(Infinity);
  for (let i = 0; i < sources.length; i++) paintSolids(groups, base, camera, sources, i);
}

const samePose = (a: Pose, b: Pose): boolean => a.x === b.x && a.z === b.z && a.yaw === b.yaw && a.pitch === b.pitch;

/** A camera that stands still sees the same again. */
function copyFrame(groups: Float32Array, from: number, to: number): void {
  for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++)
    for (let k = 0; k < 3; k++) groups[to + PLACES[pixel] + k] = groups[from + PLACES[pixel] + k];
}
