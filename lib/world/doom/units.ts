/** The engine's map has units of its own, another origin and another turn; here is what leads from one to the other. */
import type { Pose } from "../camera.ts";

/** Units of the map to one world unit: the eye, 41 of them above the floor, is at 0.8 as in the courtyard. */
export const MAP_UNITS = 51.25;
/** The middle of the level on the map, the world's origin: x leads east, z north. */
export const ORIGIN = { x: 640, y: -288 } as const;

/** The engine's numbers are whole 65536ths, of a map unit or of a turn. */
const FIXED = 65536;
/** Of its angles it draws with the upper 13 bits: 8192 directions, 0.044 degrees apart. */
const DIRECTION = FIXED / 8192;

/** Where the engine puts the camera for each pose, four integers each: x, y, angle (counter-clockwise from east) and pitch (down). */
export function camerasOf(poses: readonly Pose[]): Int32Array {
  return Int32Array.from(
    poses.flatMap(({ x, z, yaw, pitch }) => [
      Math.round((x * MAP_UNITS + ORIGIN.x) * FIXED),
      Math.round((z * MAP_UNITS + ORIGIN.y) * FIXED),
      direction(Math.PI / 2 - yaw) & (FIXED - 1),
      direction(-pitch),
    ]),
  );
}

const direction = (angle: number): number => Math.round((angle / (2 * Math.PI)) * (FIXED / DIRECTION)) * DIRECTION;
