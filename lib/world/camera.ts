import { EYE_HEIGHT } from "./config.ts";

/** Where the camera stands and looks: y is up; yaw 0 looks along +z, positive yaw turns right; positive pitch looks up. */
export interface Pose {
  readonly x: number;
  readonly z: number;
  /** Radians. */
  readonly yaw: number;
  /** Radians. */
  readonly pitch: number;
}

export type Vec3 = readonly [x: number, y: number, z: number];

/** The camera's axes in the world. `right` is always level: the camera never rolls. */
export interface Camera {
  readonly eye: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
}

export function cameraAt({ x, z, yaw, pitch }: Pose): Camera {
  const [sy, cy, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  return {
    eye: [x, EYE_HEIGHT, z],
    right: [cy, 0, -sy],
    up: [-sy * sp, cp, -cy * sp],
    forward: [sy * cp, sp, cy * cp],
  };
}
