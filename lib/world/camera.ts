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
