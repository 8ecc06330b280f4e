/** The continuous half of the dual action representation: the camera's motion through each latent, as numbers near 1. */
import type { Pose } from "../../world/camera.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import type { StepSizes } from "../../world/world.ts";
import type { CameraTrajectory } from "../context.ts";

export const MOTION_FEATURES = 10;

/** Motion from `a` to `b` in `a`'s axes: rightward, forward, yaw, pitch, in units of one latent of an action. */
function between(a: Pose, b: Pose, { translation, yaw, pitch }: StepSizes): [number, number, number, number] {
  const [dx, dz] = [b.x - a.x, b.z - a.z];
  const [sin, cos] = [Math.sin(a.yaw), Math.cos(a.yaw)];
  const way = FRAMES_PER_LATENT * translation;
  return [
    (dx * cos - dz * sin) / way,
    (dx * sin + dz * cos) / way,
    (b.yaw - a.yaw) / (FRAMES_PER_LATENT * yaw),
    (b.pitch - a.pitch) / (FRAMES_PER_LATENT * pitch),
  ];
}

/** Per latent its own motion, that since the picture before the clip, and the pitch before and after. [latents, 10] */
export function motionFeatures(path: CameraTrajectory, step: StepSizes): Float32Array {
  const pitchUnit = 4 * FRAMES_PER_LATENT * step.pitch;
  return Float32Array.from(
    path.flatMap(({ start, end }) => [
      ...between(start, end, step),
      ...between(path[0].start, end, step).map((x) => x / 2),
      start.pitch / pitchUnit,
      end.pitch / pitchUnit,
    ]),
  );
}
