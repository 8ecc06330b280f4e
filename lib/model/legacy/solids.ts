/** Solids of a frame: every pixel of a known picture that shows one, by its depth, drawn where the new camera sees it. */
import type { Camera } from "../../world/camera.ts";
import { FOCAL, HEIGHT, WIDTH } from "../../world/config.ts";
import { type Canvas, PLACES } from "./canvas.ts";
import { FAR, type Source } from "./source.ts";

/** A pixel's square, seen from nearer, grows; a little more closes the seams. */
const HALF_PIXEL = 0.5;
const SEAM = 0.12;
/** Nothing is drawn that is nearer than this. */
const NEAREST = 0.1;

/** Solids whose depths differ by less than this share are taken for the same. */
const SAME = 0.3;

/** Of one frame's pixels: the depth of the solid that is drawn there, and the rank of its source. */
const drawn = new Float32Array(HEIGHT * WIDTH);
const ranks = new Uint8Array(HEIGHT * WIDTH);

/** Solids of one source: squares as large as their pixels are from the new camera. */
function paintSource({ groups, base, shown }: Canvas, camera: Camera, sources: readonly Source[], i: number): void {
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
        shown[pixel] = 1;
        const from = 3 * solid[n];
        const at = base + PLACES[pixel];
        for (let k = 0; k < 3; k++) groups[at + k] = picture[from + k] / 127.5 - 1;
      }
  }
}

/** Draws the solids of all sources, nearer ones over farther ones, of the same solid the oldest source near enough. */
export function paintSolids(canvas: Canvas, camera: Camera, sources: readonly Source[]): void {
  drawn.fill(Infinity);
  for (let i = 0; i < sources.length; i++) paintSource(canvas, camera, sources, i);
}
