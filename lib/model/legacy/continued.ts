/**
 * Ground and far scenery that no picture shows, continued from what one does: the ground from a place that is alike, the
 * panorama beyond its edge mirrored. So what is new to the camera is as crisp as what it has seen, and the same whenever
 * it is looked at again; that the world may differ there (a mark on the ground, a mountain's outline) nothing can know.
 * For places that are alike the ground's own repeats are used (image completion by the offsets at which an image repeats:
 * He and Sun, ECCV 2012), which these worlds all share.
 */
import type { Camera } from "../../world/camera.ts";
import { FOCAL, HEIGHT, WIDTH } from "../../world/config.ts";
import type { Canvas } from "./canvas.ts";
import { along, FAR_SQUARED, farness, type RowRays, show } from "./rows.ts";
import type { Source } from "./source.ts";

/**
 * The ground repeats after i times this along x together with k times this along z, where i + k is even: measured over the
 * scenes of the training split (test/model/legacy/continued.test.ts).
 */
export const REPEAT = 1.5;

/** No picture shows the ground nearer than this. */
const NEAREST = 0.6;

/** Ground of a row that no source near enough has shown yet, from places of `source` that are alike. */
export function continueGround(source: Source, rays: RowRays, eye: Camera["eye"], canvas: Canvas): void {
  const { goals } = source;
  const { y } = rays;
  const ySquared = y * y;
  let best = 0;
  for (let column = 0; column < WIDTH; column++) {
    if (farness[column] <= FAR_SQUARED) continue;
    const toX = rays.x + column * rays.xStep;
    const toZ = rays.z + column * rays.zStep;
    const level = toX * toX + toZ * toZ;
    const distance = Math.max(NEAREST, Math.sqrt(level));
    const startX = eye[0] + toX - source.x;
    const startZ = eye[2] + toZ - source.z;
    const pixel = rays.row * WIDTH + column;
    // What served the neighbour mostly serves again.
    const first = best;
    for (let n = -2; n < goals.length && farness[column] > FAR_SQUARED; n += 2) {
      if (n === first) continue;
      const goal = n < 0 ? first : n;
      // How many repeats lead to the goal, and the nearest numbers that the pattern allows.
      const wantedX = (distance * goals[goal] - startX) / REPEAT;
      const wantedZ = (distance * goals[goal + 1] - startZ) / REPEAT;
      let i = Math.round(wantedX);
      let k = Math.round(wantedZ);
      if (((i + k) & 1) === 1) {
        if (Math.abs(wantedX - i) > Math.abs(wantedZ - k)) i += wantedX > i ? 1 : -1;
        else k += wantedZ > k ? 1 : -1;
      }
      const x = startX + i * REPEAT;
      const z = startZ + k * REPEAT;
      const ratio = (x * x + ySquared + z * z) / (level + ySquared);
      // What is nearer has the details, but not the haze of the distance.
      const unlike = ratio < 1 ? 1 / ratio : ratio;
      if (unlike >= farness[column]) continue;
      const across = along(source.right, x, y, z);
      const above = along(source.up, x, y, z);
      const ahead = along(source.forward, x, y, z);
      if (!show(source, across, above, ahead, canvas, pixel)) continue;
      farness[column] = unlike;
      best = goal;
    }
  }
}

/** Half the angle that a level picture shows, less a margin. */
const EDGE = 0.97 * Math.atan(WIDTH / 2 / FOCAL);
/** The picture's middle row of pixels to its uppermost, by depth; and to its outermost columns. */
const TOP = (HEIGHT / 2 - 0.5) / FOCAL;
const SIDE = (WIDTH / 2 - 0.5) / FOCAL;

/** An angle from the middle of a picture, less than a full turn, mirrored at its edges until it lies between them. */
function mirrored(angle: number): number {
  const turned = angle > Math.PI ? angle - 2 * Math.PI : angle < -Math.PI ? angle + 2 * Math.PI : angle;
  const inside = Math.max(-EDGE, Math.min(EDGE, turned));
  const beyond = 2 * inside - turned;
  return Math.abs(beyond) <= EDGE ? beyond : mirrored(beyond);
}

/** Far scenery of a row that no source has shown yet, mirrored at the edges of `source`; above its picture as at its top. */
export function continueSky(source: Source, rays: RowRays, canvas: Canvas): void {
  const { right, up, forward } = source;
  const yaw = Math.atan2(forward[0], forward[2]);
  for (let column = 0; column < WIDTH; column++) {
    if (farness[column] < Infinity) continue;
    const toX = rays.x + column * rays.xStep;
    const toZ = rays.z + column * rays.zStep;
    const level = Math.sqrt(toX * toX + toZ * toZ);
    const angle = yaw + mirrored(Math.atan2(toX, toZ) - yaw);
    const x = level * Math.sin(angle);
    const z = level * Math.cos(angle);
    const ahead = along(forward, x, rays.y, z);
    const above = Math.min(TOP * ahead, along(up, x, rays.y, z));
    const across = Math.min(SIDE * ahead, Math.max(-SIDE * ahead, along(right, x, rays.y, z)));
    if (show(source, across, above, ahead, canvas, rays.row * WIDTH + column, true)) farness[column] = 1;
  }
}
