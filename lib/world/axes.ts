/** The camera's axes, and the direction in which a point of the picture looks. */
import type { Pose, Vec3 } from "./camera.ts";
import type { CameraModel } from "./world.ts";

/** Unit vectors in the world. `right` is always level: the camera never rolls. */
export interface Axes {
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
}

export function axesAt({ yaw, pitch }: Pick<Pose, "yaw" | "pitch">): Axes {
  const [sy, cy, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  return {
    right: [cy, 0, -sy],
    up: [-sy * sp, cp, -cy * sp],
    forward: [sy * cp, sp, cy * cp],
  };
}

/** The direction of a point of the picture, pixels from its centre, rightward and downward. */
export type Director = (across: number, down: number) => Vec3;

/**
 * Directions of points of the picture in the world; a direction's component along the forward axis of a level camera model
 * is 1 ("turns": along `forward`; "shears": along the horizontal forward axis).
 */
export function director({ focal, pitch: model }: CameraModel, pose: Pick<Pose, "yaw" | "pitch">): Director {
  const sheared = model === "shears";
  const { right, up, forward } = axesAt(sheared ? { yaw: pose.yaw, pitch: 0 } : pose);
  const shift = sheared ? Math.tan(pose.pitch) : 0;
  return (across, down) => {
    const a = across / focal;
    const b = -down / focal + shift;
    return [
      forward[0] + a * right[0] + b * up[0],
      forward[1] + a * right[1] + b * up[1],
      forward[2] + a * right[2] + b * up[2],
    ];
  };
}

/** One of them. @param across,down pixels from the picture's centre, rightward and downward */
export const directionOf = (
  camera: CameraModel,
  pose: Pick<Pose, "yaw" | "pitch">,
  across: number,
  down: number,
): Vec3 => director(camera, pose)(across, down);

/** A point as a camera sees it: pixels from the picture's centre, rightward and downward, and its depth. */
export interface ProjectedPoint {
  across: number;
  down: number;
  /** Along the forward axis of `director`; what is not above 0 lies behind. */
  depth: number;
}

/** Where a point at (x, y, z) from a camera's eye is seen; the inverse of `director`. */
export function projector(
  { focal, pitch: model }: CameraModel,
  pose: Pick<Pose, "yaw" | "pitch">,
): (x: number, y: number, z: number, out: ProjectedPoint) => ProjectedPoint {
  const sheared = model === "shears";
  const { right, up, forward } = axesAt(sheared ? { yaw: pose.yaw, pitch: 0 } : pose);
  const shift = sheared ? Math.tan(pose.pitch) : 0;
  return (x, y, z, out) => {
    const depth = forward[0] * x + forward[1] * y + forward[2] * z;
    out.depth = depth;
    out.across = (focal * (right[0] * x + right[1] * y + right[2] * z)) / depth;
    out.down = -focal * ((up[0] * x + up[1] * y + up[2] * z) / depth - shift);
    return out;
  };
}
